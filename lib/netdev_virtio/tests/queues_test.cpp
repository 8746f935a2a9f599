// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/clock.hpp>
#include <atoll/host/memory.hpp>

#include "cable.hpp"

// A clock that goes on by itself: who waits for an answer looks at nothing else.
namespace atl::clock {
Nanoseconds now() {
  static Nanoseconds time;
  time = time + 1_ms;
  return time;
}
}  // namespace atl::clock

// Devices of several queues, and what they do with the command that turns them on.
namespace netdev_virtio_test {
namespace {

using State = Netdev::State;

template <typename Virtqueue>
class Queues : public Cable<Virtqueue> {
 protected:
  Queues() { this->most_pairs = 4; }
  auto open(std::uint16_t queues) {
    return this->left().open({.pool = this->pool.get(), .queues = queues, .depth = 16});
  }
  void expect_closed_and_nothing_lost() {
    EXPECT_EQ(this->left().state(), State::kClosed);
    EXPECT_EQ(this->pool->statistics().free, 320u);
    EXPECT_TRUE(this->left_device().transport.queues.empty());
  }
  /// The device answers the command like this, and open() says so.
  void expect_refused(Errc error, std::function<void(Virtqueue&, const atl::host::Got&)> answer) {
    this->connect(kBasic);
    this->left_device().answer = std::move(answer);
    EXPECT_EQ(open(2).error(), error);
    expect_closed_and_nothing_lost();
  }
  void answer_with(const atl::host::Got& got, std::uint8_t answer) {
    *this->left_device().at_address(got.pieces[1].address) = std::byte{answer};
  }
};
using Devices = testing::Types<SplitDevice, PackedDevice>;
TYPED_TEST_SUITE(Queues, Devices);

TYPED_TEST(Queues, as_many_as_are_wanted_are_used) {
  for (const std::uint16_t queues : {1, 2, 3, 4}) {
    this->connect(kBasic);
    EXPECT_EQ(this->open(queues).value().queues, queues);
    EXPECT_EQ(this->left_device().pairs, queues);
    // One alone needs neither the feature nor the queue that controls it.
    auto& transport = this->left_device().transport;
    EXPECT_EQ((transport.taken & feature::kMultiqueue) != 0, queues > 1);
    EXPECT_EQ((transport.taken & feature::kControl) != 0, queues > 1);
    EXPECT_EQ(transport.queues.size(), queues == 1 ? 2u : 2u * queues + 1);
    EXPECT_EQ(transport.queues.contains(8), queues > 1) << "behind those of all four pairs";
    this->left().close();
    this->expect_closed_and_nothing_lost();
  }
}

TYPED_TEST(Queues, a_restart_turns_them_on_again) {
  this->connect(kBasic);
  ASSERT_TRUE(this->open(3).ok());
  ASSERT_TRUE(this->left().restart().ok());
  EXPECT_EQ(this->left_device().pairs, 3);
  this->left().close();
}

TYPED_TEST(Queues, each_has_its_own_interrupts) {
  this->connect(kBasic);
  std::vector<std::uint16_t> told;
  ASSERT_TRUE(this->left()
                  .open({.pool = this->pool.get(),
                         .queues = 4,
                         .depth = 16,
                         .event = {[](void* context, std::uint16_t queue) {
                                     static_cast<std::vector<std::uint16_t>*>(context)->push_back(
                                         queue);
                                   },
                                   &told}})
                  .ok());
  for (std::uint16_t queue = 0; queue < 4; ++queue) {
    ASSERT_TRUE(this->left().arm(queue, Netdev::kReceive));
  }
  for (const std::uint16_t queue : {2, 0, 3, 1}) {
    this->left_device().deliver(queue, {}, Bytes(64));
    this->left_device().work();
  }
  EXPECT_EQ(told, (std::vector<std::uint16_t>{2, 0, 3, 1}));
  EXPECT_EQ(this->left().statistics().interrupts, 4u);
  this->left().close();
}

TYPED_TEST(Queues, what_comes_on_one_is_received_there) {
  this->connect(kBasic);
  ASSERT_TRUE(this->open(3).ok());
  for (const std::uint16_t queue : {1, 2, 0}) {
    this->left_device().deliver(queue, {}, Bytes(64));
    this->left_device().work();
    for (const std::uint16_t other : {0, 1, 2}) {
      std::array<Packet, 2> packets;
      EXPECT_EQ(this->left().receive(other, packets), other == queue ? 1u : 0u);
    }
  }
  EXPECT_EQ(this->left().statistics().received, 3u);
  this->left().close();
}

TYPED_TEST(Queues, a_fault_of_one_is_a_fault_of_the_device) {
  this->connect(kBasic);
  ASSERT_TRUE(this->open(2).ok());
  this->left_device().deliver(1, {}, Bytes(64));
  this->left_device().work();
  this->left_device().use(3, 0x7fff, 0);
  this->left().collect(1);
  EXPECT_EQ(this->left().state(), State::kFaulty);
  std::array<Packet, 2> packets;
  EXPECT_EQ(this->left().receive(1, packets), 0u);
  ASSERT_TRUE(this->left().restart().ok());
  EXPECT_EQ(this->left().state(), State::kUp);
  this->left().close();
}

TYPED_TEST(Queues, one_that_never_answers_does_not_open) {
  this->connect(kBasic);
  this->left_device().answers = false;
  const atl::Nanoseconds begun = atl::clock::now();
  EXPECT_EQ(this->open(2).error(), Errc::kTimedOut);
  EXPECT_LT(atl::clock::now() - begun, atl::Nanoseconds{2'000'000'000});
  this->expect_closed_and_nothing_lost();
  // One queue needs no answer.
  EXPECT_TRUE(this->open(1).ok());
  this->left().close();
}

TYPED_TEST(Queues, one_that_refuses_does_not_open) {
  for (const int answer : {1, 2, 0xff}) {
    this->expect_refused(Errc::kProtocol, [&](auto& ring, const atl::host::Got& got) {
      this->answer_with(got, static_cast<std::uint8_t>(answer));
      ring.use(got.id, 1, 2);
    });
  }
}

TYPED_TEST(Queues, one_that_answers_nothing_does_not_open) {
  this->expect_refused(Errc::kProtocol,
                       [](auto& ring, const atl::host::Got& got) { ring.use(got.id, 0, 2); });
}

TYPED_TEST(Queues, one_that_breaks_the_control_queue_does_not_open) {
  this->expect_refused(Errc::kProtocol, [&](auto& ring, const atl::host::Got& got) {
    this->answer_with(got, 0);
    ring.use(got.id + 2u, 1, 2);
  });
  this->expect_refused(Errc::kProtocol, [&](auto& ring, const atl::host::Got& got) {
    this->answer_with(got, 0);
    ring.use(got.id, 2, 2);
  });
}

TYPED_TEST(Queues, one_whose_queues_are_gone_does_not_open) {
  for (const std::uint16_t queue : {0, 1, 2, 3, 8}) {
    this->connect(kBasic);
    this->left_device().transport.sizes.erase(queue);
    EXPECT_FALSE(this->open(2).ok());
    this->expect_closed_and_nothing_lost();
  }
}

TYPED_TEST(Queues, one_that_has_no_several_queues_any_more_does_not_open) {
  this->connect(kBasic);
  this->left_device().transport.offered &= ~feature::kMultiqueue;
  EXPECT_EQ(this->open(2).error(), Errc::kNotSupported);
  this->expect_closed_and_nothing_lost();
}

TYPED_TEST(Queues, without_memory_it_does_not_open_and_nothing_is_lost) {
  this->connect(kBasic);
  bool opened = false;
  std::size_t refusals = 0;
  for (std::size_t left = 0; !opened; ++left) {
    ASSERT_LT(left, 100u);
    const std::size_t blocks = atl::host::live_blocks();
    const std::uint64_t pages = this->free_pages();
    atl::host::fail_allocations_after(left);
    const auto outcome = this->open(2);
    atl::host::fail_allocations_after(atl::host::kNever);
    opened = outcome.ok();
    if (opened) break;
    ++refusals;
    EXPECT_EQ(outcome.error(), Errc::kNoMemory);
    EXPECT_EQ(atl::host::live_blocks(), blocks);
    EXPECT_EQ(this->free_pages(), pages);
    this->expect_closed_and_nothing_lost();
  }
  EXPECT_GE(refusals, 8u) << "two pairs, their four queues, the control queue and its ring";
  this->left().close();
}

TYPED_TEST(Queues, without_pages_it_does_not_open_and_nothing_is_lost) {
  this->connect(kBasic);
  std::vector<atl::PhysAddr> hoard;
  while (this->free_pages() > 0) {
    hoard.push_back(atl::page_alloc::allocate(atl::PageCount{1}).value());
  }
  const std::size_t blocks = atl::host::live_blocks();
  std::uint64_t free = 0;
  for (bool opened = false; !opened; ++free) {
    EXPECT_EQ(this->free_pages(), free);
    const auto outcome = this->open(2);
    opened = outcome.ok();
    if (!opened) {
      EXPECT_EQ(outcome.error(), Errc::kNoMemory) << free;
      EXPECT_EQ(atl::host::live_blocks(), blocks);
      this->expect_closed_and_nothing_lost();
      ASSERT_FALSE(hoard.empty());
    }
    this->left().close();
    if (opened) break;
    atl::page_alloc::free(hoard.back(), atl::PageCount{1});
    hoard.pop_back();
  }
  EXPECT_GE(free, 11u)
      << "a ring and its slots for each of five queues, and a page for the command";
  for (const atl::PhysAddr page : hoard) atl::page_alloc::free(page, atl::PageCount{1});
}

template <typename Virtqueue>
class UnstoppableQueues : public Queues<Virtqueue> {};
TYPED_TEST_SUITE(UnstoppableQueues, Devices);

// What it goes on using stays with it, so that this test loses it on purpose.
TYPED_TEST(UnstoppableQueues, one_that_does_not_stop_keeps_all_of_them) {
  EXPECT_EXIT(
      {
        this->connect(kBasic);
        const std::uint64_t pages = this->free_pages();
        if (!this->open(2).ok()) std::_Exit(1);
        const std::uint64_t used = pages - this->free_pages();
        this->left_device().transport.reset_looks = 1'000'000'000;
        this->left().close();
        if (this->left().state() != State::kDead) std::_Exit(2);
        if (this->pool->statistics().free != 320 - 2 * 16) std::_Exit(3);
        if (pages - this->free_pages() != used) std::_Exit(4);
        std::_Exit(0);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace netdev_virtio_test
