// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "../src/entropy_device.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atoll/host/machine.hpp>
#include <optional>
#include <string>

#include "fake_random.hpp"

namespace random_virtio_test {
namespace {

using namespace atl;

constexpr std::uint32_t kBytes = 64;

/// The queue, and the device behind it: what is public is its side.
class FakeQueue {
 public:
  std::byte* memory = nullptr;  ///< that the driver gave it
  int requests = 0;             ///< that the device has been told of
  bool has_buffer = false;
  virtio::RingFault broken = virtio::RingFault::kNone;

  /// The device uses the buffer that it has.
  void give(std::string_view bytes) {
    ASSERT_TRUE(has_buffer);
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(memory));
    used_ = static_cast<std::uint32_t>(bytes.size());
    has_buffer = false;
  }

  bool add_writable(const virtio::Segment& piece, void*) {
    EXPECT_EQ(piece.length, kBytes);
    EXPECT_EQ(piece.address, 0x5000u);
    EXPECT_FALSE(has_buffer) << "one at a time";
    return added_ = true;
  }
  void flush() {
    if (!added_) return;
    added_ = false;
    has_buffer = true;
    ++requests;
  }
  bool take(virtio::Completion& completion) {
    if (broken != virtio::RingFault::kNone || !used_) return false;
    completion = {nullptr, *used_};
    used_.reset();
    return true;
  }
  [[nodiscard]] virtio::RingFault fault() const { return broken; }

 private:
  bool added_ = false;
  std::optional<std::uint32_t> used_;
};

/// Bytes of which none stands next to itself.
std::string fresh(std::size_t size, int from = 0) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(from + static_cast<int>(i));
  return bytes;
}

class EntropyDeviceTest : public testing::Test {
 protected:
  EntropyDeviceTest() {
    host::reset_machine();
    added.clear();
    queue.memory = buffer.data();
    device.use(queue);
  }
  void give(const std::string& bytes) {
    queue.give(bytes);
    device.on_used();
  }

  std::array<std::byte, kBytes> buffer{};
  FakeQueue queue;
  random_virtio::EntropyDevice<FakeQueue> device{"fake", buffer.data(), 0x5000};
};

TEST_F(EntropyDeviceTest, an_answer_is_a_seed_at_half_of_what_it_says) {
  EXPECT_EQ(queue.requests, 0);
  device.ask();
  EXPECT_EQ(queue.requests, 1);
  give(fresh(kBytes));
  EXPECT_EQ(added, (std::vector<Added>{{fresh(kBytes), 256}}));
  EXPECT_EQ(queue.requests, 1) << "it is asked again when somebody asks";
  EXPECT_EQ(device.bytes(), 64u);
  EXPECT_EQ(device.counted(), 256u);
}

TEST_F(EntropyDeviceTest, its_memory_is_wiped) {
  device.ask();
  give(fresh(kBytes, 1));
  EXPECT_EQ(buffer, (std::array<std::byte, kBytes>{}));
}

TEST_F(EntropyDeviceTest, asking_twice_is_asking_once) {
  device.ask();
  device.ask();
  EXPECT_EQ(queue.requests, 1);
}

TEST_F(EntropyDeviceTest, short_answers_count_for_what_they_are_until_there_are_enough) {
  device.ask();
  give(fresh(10));
  EXPECT_EQ(added.back(), (Added{fresh(10), 40}));
  EXPECT_EQ(queue.requests, 2);
  give(fresh(50));
  EXPECT_EQ(queue.requests, 3);
  give(fresh(50));
  EXPECT_EQ(queue.requests, 3);
  EXPECT_EQ(device.counted(), 440u);
}

TEST_F(EntropyDeviceTest, one_that_gives_nothing_is_left_alone_until_somebody_asks) {
  device.ask();
  give("");
  EXPECT_TRUE(added.empty());
  EXPECT_EQ(queue.requests, 1);
  device.ask();
  EXPECT_EQ(queue.requests, 2);
}

TEST_F(EntropyDeviceTest, one_that_never_answers_is_not_asked_more) {
  for (int i = 0; i < 100; ++i) device.ask();
  for (int i = 0; i < 100; ++i) device.on_used();
  EXPECT_EQ(queue.requests, 1);
  EXPECT_TRUE(added.empty());
}

TEST_F(EntropyDeviceTest, what_was_under_way_before_a_restore_counts_for_nothing) {
  device.ask();
  device.forget();
  device.ask();
  give(fresh(kBytes));
  EXPECT_EQ(added.back(), (Added{fresh(kBytes), 0})) << "mixed in all the same";
  EXPECT_EQ(queue.requests, 2);
  give(fresh(kBytes, 7));
  EXPECT_EQ(added.back(), (Added{fresh(kBytes, 7), 256}));
}

TEST_F(EntropyDeviceTest, forgetting_what_has_come_changes_nothing) {
  device.ask();
  give(fresh(kBytes));
  device.forget();
  device.ask();
  give(fresh(kBytes, 7));
  EXPECT_EQ(added.back().bits, 256u);
}

TEST_F(EntropyDeviceTest, one_that_repeats_itself_counts_for_nothing) {
  device.ask();
  give(std::string(kBytes, 'x'));
  EXPECT_EQ(added.back().bits, 0u);
  device.ask();
  give(fresh(20) + std::string(5, 'x') + fresh(20));
  EXPECT_EQ(added.back().bits, 180u);
  give(fresh(20) + std::string(6, 'x') + fresh(20));
  EXPECT_EQ(added.back().bits, 0u);
}

TEST_F(EntropyDeviceTest, it_cannot_repeat_itself_by_short_answers) {
  device.ask();
  for (int i = 0; i < 64; ++i) give("x");
  EXPECT_EQ(device.counted(), 5u * 4);
  EXPECT_EQ(queue.requests, 64);
}

TEST_F(EntropyDeviceTest, one_that_breaks_its_ring_is_no_longer_asked) {
  device.ask();
  queue.broken = virtio::RingFault::kTooLong;
  device.on_used();
  device.ask();
  device.on_used();
  EXPECT_EQ(queue.requests, 1);
  EXPECT_TRUE(added.empty());
}

}  // namespace
}  // namespace random_virtio_test
