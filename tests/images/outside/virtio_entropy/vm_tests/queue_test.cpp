// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <atoll/deadline.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/event.hpp>
#include <atoll/page_alloc.hpp>
#include <atoll/virtio/queue.hpp>
#include <atoll/virtio_entropy.hpp>
#include <atoll/vm_test.hpp>
#include <cstring>

namespace virtio_entropy_test {

using namespace atl;
namespace feature = virtio::feature;

constexpr std::uint32_t kBytes = 64;

void set(void* event) { static_cast<Event*>(event)->set(); }

/// Waits until the device has used a buffer.
template <typename Ring>
virtio::Completion next(virtio::Queue<Ring>& queue, Event& used) {
  virtio::Completion completion;
  while (!queue.take(completion)) {
    used.reset();
    if (!queue.enable_interrupts()) continue;
    if (!used.wait(deadline::after(5_s)).ok()) return {};
  }
  return completion;
}

/// Asks for more buffers than a ring of 4 holds, and counts what came.
template <typename Ring>
void bring_bytes(std::uint64_t required, std::uint64_t wanted) {
  virtio::Device* const device = virtio_entropy();
  if (device == nullptr) VM_SKIP("no entropy device");
  const auto features = device->negotiate(required, wanted);
  if (!features.ok()) VM_SKIP("the device does not offer such rings");
  const auto page = page_alloc::allocate(PageCount{1});
  VM_ASSERT(page.ok());
  Event used;
  auto made = virtio::Queue<Ring>::create(*device, 0, 4, features.value(), {set, &used});
  VM_ASSERT(made.ok());
  const auto queue = std::move(made).value();
  device->start();
  auto* const bytes = to_virtual(page.value()).template as<std::byte>();
  std::memset(bytes, 0, kBytes);
  for (int round = 0; round < 11; ++round) {
    const virtio::Segment segment{page.value().value(), kBytes};
    VM_EXPECT(queue->add({}, {&segment, 1}, bytes));
    queue->flush();
    const virtio::Completion completion = next(*queue, used);
    VM_EXPECT(completion.token == bytes);
    VM_EXPECT_GT(completion.written, 0u);
    VM_EXPECT_LE(completion.written, kBytes);
  }
  VM_EXPECT(std::any_of(bytes, bytes + kBytes, [](std::byte one) { return one != std::byte{}; }));
  VM_EXPECT_EQ(queue->notifications(), 11u);
  VM_EXPECT(device->reset().ok());
  page_alloc::free(page.value(), PageCount{1});
}

}  // namespace virtio_entropy_test

using namespace virtio_entropy_test;

VM_TEST(VirtioEntropy, by_a_split_ring) { bring_bytes<virtio::SplitRing>(0, 0); }

VM_TEST(VirtioEntropy, by_a_split_ring_with_the_event_index) {
  bring_bytes<virtio::SplitRing>(feature::kEventIndex, 0);
}

VM_TEST(VirtioEntropy, by_a_packed_ring) {
  bring_bytes<virtio::PackedRing>(feature::kPackedRing, 0);
}

VM_TEST(VirtioEntropy, by_a_packed_ring_with_the_event_index) {
  bring_bytes<virtio::PackedRing>(feature::kPackedRing | feature::kEventIndex, 0);
}

VM_TEST(VirtioEntropy, a_queue_that_there_is_not_is_refused) {
  virtio::Device* const device = virtio_entropy();
  if (device == nullptr) VM_SKIP("no entropy device");
  VM_ASSERT(device->negotiate(0, 0).ok());
  VM_EXPECT(device->largest_queue(0).ok());
  VM_EXPECT_EQ(device->largest_queue(1).error(), Errc::kNoEntry);
  VM_EXPECT(device->reset().ok());
}

VM_TEST(VirtioEntropy, a_feature_that_it_lacks_is_refused) {
  virtio::Device* const device = virtio_entropy();
  if (device == nullptr) VM_SKIP("no entropy device");
  VM_EXPECT_EQ(device->negotiate(1, 0).error(), Errc::kNotSupported);
  VM_EXPECT(device->reset().ok());
}
