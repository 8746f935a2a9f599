// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/direct_map.hpp>
#include <atoll/host/memory.hpp>
#include <atoll/host/ram.hpp>
#include <atoll/host/virtio_transport.hpp>
#include <atoll/virtio/queue.hpp>

namespace virtio_test {
namespace {

using namespace atl;

void nothing(void*) {}

/// On a machine of a few pages.
template <typename Ring>
class QueueTest : public host::RamTest {
 protected:
  static constexpr PageCount kPages{16};

  QueueTest() : RamTest(kPages) { EXPECT_TRUE(device.negotiate(0, 0).ok()); }
  ~QueueTest() override { host::fail_allocations_after(host::kNever); }

  Result<Owned<virtio::Queue<Ring>>> create(std::uint16_t index, std::uint16_t largest) {
    return virtio::Queue<Ring>::create(device, index, largest, 0, {nothing, this});
  }

  host::FakeTransport device{1, virtio::feature::kEventIndex};
};

using Rings = testing::Types<virtio::SplitRing, virtio::PackedRing>;
TYPED_TEST_SUITE(QueueTest, Rings);

TYPED_TEST(QueueTest, its_areas_are_told_to_the_device_and_are_zero) {
  const auto made = this->create(0, 256);
  ASSERT_TRUE(made.ok());
  const virtio::QueuePlace& place = this->device.queues.at(0);
  const typename TypeParam::Layout layout{256};
  EXPECT_EQ(place.size, 256);
  EXPECT_EQ(place.descriptors.value() % TypeParam::Layout::kAlignment, 0u);
  EXPECT_EQ(place.driver - place.descriptors, layout.driver);
  EXPECT_EQ(place.device - place.descriptors, layout.device);
  EXPECT_TRUE(this->memory().contains(place.descriptors));
  EXPECT_TRUE(this->memory().contains(place.descriptors + (layout.bytes - 1)));
  EXPECT_EQ(*to_virtual(place.descriptors).template as<std::uint64_t>(), 0u);
  EXPECT_EQ(this->device.interrupts.at(0).context, this);
  EXPECT_EQ(made.value()->descriptors_free(), 256);
}

TYPED_TEST(QueueTest, it_is_no_larger_than_either_side_wants) {
  EXPECT_EQ(this->create(0, 16).value()->descriptors_free(), 16);
  this->device.sizes[0] = 8;
  EXPECT_EQ(this->create(0, 16).value()->descriptors_free(), 8);
}

TYPED_TEST(QueueTest, a_size_that_is_no_power_of_two_is_cut_where_the_ring_wants_one) {
  this->device.sizes[0] = 100;
  const std::uint16_t expected = TypeParam::largest_size(100);
  EXPECT_EQ(this->create(0, 256).value()->descriptors_free(), expected);
  EXPECT_EQ(this->device.queues.at(0).size, expected);
}

TYPED_TEST(QueueTest, a_queue_that_there_is_not) {
  EXPECT_EQ(this->create(7, 16).error(), Errc::kNoEntry);
  this->device.sizes[0] = 0x1'0000;
  EXPECT_EQ(this->create(0, 16).error(), Errc::kProtocol);
}

TYPED_TEST(QueueTest, a_device_that_refuses_it) {
  this->device.refuses_queues = true;
  EXPECT_EQ(this->create(0, 16).error(), Errc::kProtocol);
}

TYPED_TEST(QueueTest, without_pages) {
  const auto all = page_alloc::allocate(TestFixture::kPages);
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(this->create(0, 16).error(), Errc::kNoMemory);
  EXPECT_TRUE(this->device.queues.empty());
  page_alloc::free(all.value(), TestFixture::kPages);
  this->device.sizes[0] = 32'768;
  EXPECT_EQ(this->create(0, 32'768).error(), Errc::kNoMemory);
}

TYPED_TEST(QueueTest, without_a_heap) {
  host::fail_allocations_after(0);
  EXPECT_EQ(this->create(0, 16).error(), Errc::kNoMemory);
  EXPECT_TRUE(this->device.queues.empty());
}

TYPED_TEST(QueueTest, the_device_is_told_of_what_was_added_and_of_nothing_else) {
  const auto made = this->create(0, 16);
  ASSERT_TRUE(made.ok());
  auto& queue = *made.value();
  queue.flush();
  EXPECT_TRUE(this->device.notified.empty());
  const virtio::Segment segment{0x1000, 64};
  EXPECT_TRUE(queue.add({}, {&segment, 1}, this));
  EXPECT_TRUE(queue.add({}, {&segment, 1}, this));
  queue.flush();
  EXPECT_EQ(this->device.notified, (std::vector<std::uint16_t>{0}));
  EXPECT_EQ(queue.notifications(), 1u);
}

}  // namespace
}  // namespace virtio_test
