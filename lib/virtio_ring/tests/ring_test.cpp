// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <map>
#include <random>

#include <atoll/host/virtqueue.hpp>

// What both forms of a ring promise, with a device that keeps to the specification.
namespace virtio_ring_test {

using namespace atl::host;
namespace {

using atl::virtio::Completion;
using atl::virtio::RingFault;

template <typename Device>
class Ring : public testing::Test {};
using Devices = testing::Types<SplitDevice, PackedDevice>;
TYPED_TEST_SUITE(Ring, Devices);

void* token(std::uintptr_t number) { return reinterpret_cast<void*>(number); }

TYPED_TEST(Ring, a_buffer_goes_and_comes_back) {
  Pair<TypeParam> pair{8};
  const std::array<Segment, 2> readable{{{0x1000, 10}, {0x2000, 20}}};
  const std::array<Segment, 1> writable{{{0x3000, 30}}};
  EXPECT_TRUE(pair.ring.add(readable, writable, token(7)));
  EXPECT_FALSE(pair.device.has_more()) << "not yet published";
  pair.ring.publish();
  ASSERT_TRUE(pair.device.has_more());
  const Got got = pair.device.get();
  EXPECT_FALSE(pair.device.has_more());
  const std::vector<Piece> expected{{0x1000, 10, false}, {0x2000, 20, false}, {0x3000, 30, true}};
  EXPECT_EQ(got.pieces, expected);

  Completion completion;
  EXPECT_FALSE(pair.ring.take(completion));
  pair.device.use(got.id, 30, 3);
  ASSERT_TRUE(pair.ring.take(completion));
  EXPECT_EQ(completion.token, token(7));
  EXPECT_EQ(completion.written, 30u);
  EXPECT_FALSE(pair.ring.take(completion));
  EXPECT_EQ(pair.ring.descriptors_free(), 8);
  EXPECT_EQ(pair.ring.buffers(), 0);
  EXPECT_EQ(pair.ring.fault(), RingFault::kNone);
}

TYPED_TEST(Ring, is_full_and_then_has_room_again) {
  Pair<TypeParam> pair{4};
  const std::array<Segment, 3> three{{{1, 1}, {2, 2}, {3, 3}}};
  const std::array<Segment, 1> one{{{9, 9}}};
  EXPECT_TRUE(pair.ring.add(three, {}, token(1)));
  EXPECT_FALSE(pair.ring.add(three, {}, token(2)));
  EXPECT_TRUE(pair.ring.add({}, one, token(3)));
  EXPECT_FALSE(pair.ring.add({}, one, token(4)));
  EXPECT_EQ(pair.ring.descriptors_free(), 0);
  pair.ring.publish();
  pair.device.use(pair.device.get().id, 0, 3);
  Completion completion;
  ASSERT_TRUE(pair.ring.take(completion));
  EXPECT_EQ(completion.token, token(1));
  EXPECT_TRUE(pair.ring.add(three, {}, token(5)));
}

TYPED_TEST(Ring, a_buffer_has_pieces_of_less_than_4_gib) {
  Pair<TypeParam> pair{8};
  const std::array<Segment, 2> most{{{1, UINT32_MAX}, {2, 0}}};
  EXPECT_TRUE(pair.ring.add({}, most, token(1)));
  const std::array<Segment, 2> more{{{1, UINT32_MAX}, {2, 1}}};
  EXPECT_DEATH(pair.ring.add({}, more, token(2)), "more_than_a_ring_can_tell");
  EXPECT_DEATH(pair.ring.add({}, {}, token(2)), "count > 0");
}

// Of all sizes, in any order, for many times around the ring and its 16-bit counters.
TYPED_TEST(Ring, buffers_come_back_in_any_order) {
  std::mt19937 random{1};
  const auto below = [&](std::size_t limit) { return random() % limit; };
  for (const std::uint16_t size : {std::uint16_t{1}, std::uint16_t{4}, std::uint16_t{64}}) {
    Pair<TypeParam> pair{size};
    std::map<std::uintptr_t, std::vector<Piece>> sent;
    std::vector<std::pair<std::uintptr_t, Got>> held;
    std::uintptr_t next = 1, arrived = 1, back = 0;
    while (back < 70'000) {
      std::vector<Segment> segments;
      std::vector<Piece> pieces;
      const std::size_t count = 1 + below(std::min<std::size_t>(size, 5));
      const std::size_t readable = below(count + 1);
      for (std::size_t i = 0; i < count; ++i) {
        segments.push_back({next * 100 + i, static_cast<std::uint32_t>(1 + below(2000))});
        pieces.push_back({segments[i].address, segments[i].length, i >= readable});
      }
      const std::span all{segments};
      bool added = false;
      if (count > 1 || below(2) == 0) {
        added = pair.ring.add(all.first(readable), all.subspan(readable), token(next));
      } else if (readable == 1) {
        added = pair.ring.add_readable(segments[0], token(next));
      } else {
        added = pair.ring.add_writable(segments[0], token(next));
      }
      if (added) {
        sent[next++] = pieces;
        if (below(3) == 0) continue;
      }
      pair.ring.publish();
      while (pair.device.has_more()) {
        held.emplace_back(arrived, pair.device.get());
        ASSERT_EQ(held.back().second.pieces, sent[arrived]);
        ++arrived;
      }
      for (std::size_t left = below(held.size() + 1); left > 0; --left) {
        const std::size_t one = below(held.size());
        const auto [number, got] = held[one];
        held.erase(held.begin() + static_cast<std::ptrdiff_t>(one));
        std::uint32_t room = 0;
        for (const Piece& piece : got.pieces) room += piece.writable ? piece.length : 0;
        const auto written = static_cast<std::uint32_t>(below(room + 1));
        pair.device.use(got.id, written, got.pieces.size());
        Completion completion;
        ASSERT_TRUE(pair.ring.take(completion));
        ASSERT_EQ(completion.token, token(number));
        ASSERT_EQ(completion.written, written);
        sent.erase(number);
        ++back;
      }
    }
    EXPECT_EQ(pair.ring.fault(), RingFault::kNone);
    EXPECT_TRUE(pair.memory.is_untouched_around());
  }
}

TYPED_TEST(Ring, notifies_who_has_not_said_no) {
  Pair<TypeParam> pair{8};
  const std::array<Segment, 1> one{{{1, 1}}};
  EXPECT_FALSE(pair.ring.publish()) << "nothing was added";
  pair.ring.add(one, {}, nullptr);
  EXPECT_TRUE(pair.ring.publish());
  EXPECT_FALSE(pair.ring.publish());
  pair.device.want_no_notification();
  pair.ring.add(one, {}, nullptr);
  EXPECT_FALSE(pair.ring.publish());
}

// One descriptor each, so that buffers and descriptors count alike.
TYPED_TEST(Ring, notifies_once_the_buffer_is_there_that_the_device_waits_for) {
  Pair<TypeParam> pair{8, true};
  const std::array<Segment, 1> one{{{1, 1}}};
  Completion completion;
  for (int round = 0; round < 9'000; ++round) {
    const auto behind = static_cast<std::uint16_t>(round % 3);
    pair.device.want_notification(behind);
    for (std::uint16_t i = 0; i < 4; ++i) {
      ASSERT_TRUE(pair.ring.add(one, {}, nullptr));
      // A packed ring's device hears of all that comes until it wishes anew: see the next test.
      const bool passed = std::is_same_v<TypeParam, PackedDevice> && i > behind;
      ASSERT_EQ(pair.ring.publish(), i == behind || passed) << round;
    }
    for (int i = 0; i < 4; ++i) {
      pair.device.use(pair.device.get().id, 0, 1);
      ASSERT_TRUE(pair.ring.take(completion));
    }
    // Several at once: one notification, if the one that is waited for is among them.
    pair.device.want_notification(behind);
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(pair.ring.add(one, {}, nullptr));
    ASSERT_EQ(pair.ring.publish(), behind < 2);
    for (int i = 0; i < 2; ++i) {
      pair.device.use(pair.device.get().id, 0, 1);
      ASSERT_TRUE(pair.ring.take(completion));
    }
  }
}

// QEMU 7.2's network device behind a peer that was full: it takes what came since without another
// wish, and then waits to be told.
TEST(PackedRing, notifies_a_device_whose_wish_is_of_long_ago) {
  for (std::uint16_t offset = 0; offset < 8; ++offset) {
    Pair<PackedDevice> pair{8, true};
    const std::array<Segment, 1> one{{{1, 1}}};
    Completion completion;
    const auto pass_one = [&] {
      pair.device.use(pair.device.get().id, 0, 1);
      ASSERT_TRUE(pair.ring.take(completion));
    };
    for (std::uint16_t i = 0; i < offset; ++i) {
      ASSERT_TRUE(pair.ring.add(one, {}, nullptr));
      pair.ring.publish();
      pass_one();
    }
    pair.device.want_notification(0);
    // As many as a device can find on its own.
    for (int i = 0; i < 8; ++i) ASSERT_TRUE(pair.ring.add(one, {}, nullptr));
    ASSERT_TRUE(pair.ring.publish());
    for (int i = 0; i < 8; ++i) pass_one();
    pair.device.want_notification(0);
    for (int i = 0; i < 7; ++i) ASSERT_TRUE(pair.ring.add(one, {}, nullptr));
    ASSERT_TRUE(pair.ring.publish());
    for (int i = 0; i < 7; ++i) pass_one();
    ASSERT_TRUE(pair.ring.add(one, {}, nullptr));
    EXPECT_TRUE(pair.ring.publish()) << "the wish is seven buffers old; offset " << offset;
  }
}

TYPED_TEST(Ring, interrupts_come_when_they_are_wanted) {
  for (const bool event_index : {false, true}) {
    Pair<TypeParam> pair{8, event_index};
    const std::array<Segment, 1> one{{{1, 1}}};
    Completion completion;
    for (int round = 0; round < 40'000; ++round) {
      for (int i = 0; i < 3; ++i) ASSERT_TRUE(pair.ring.add(one, {}, nullptr));
      pair.ring.publish();
      pair.ring.disable_interrupts();
      pair.device.use(pair.device.get().id, 0, 1);
      ASSERT_FALSE(pair.device.interrupts());
      ASSERT_FALSE(pair.ring.enable_interrupts()) << "one has been used already";
      ASSERT_TRUE(pair.ring.take(completion));
      ASSERT_TRUE(pair.ring.enable_interrupts());
      pair.device.use(pair.device.get().id, 0, 1);
      ASSERT_TRUE(pair.device.interrupts());
      pair.device.use(pair.device.get().id, 0, 1);
      // By the event index once, however many follow.
      ASSERT_EQ(pair.device.interrupts(), !event_index);
      ASSERT_TRUE(pair.ring.take(completion));
      ASSERT_TRUE(pair.ring.take(completion));
    }
  }
}

TYPED_TEST(Ring, what_a_device_had_is_given_back_after_its_reset) {
  Pair<TypeParam> pair{8};
  const std::array<Segment, 2> two{{{1, 1}, {2, 2}}};
  for (std::uintptr_t i = 1; i <= 4; ++i) ASSERT_TRUE(pair.ring.add(two, {}, token(i)));
  pair.ring.publish();
  std::uintptr_t sum = 0;
  while (void* const one = pair.ring.reclaim()) sum += reinterpret_cast<std::uintptr_t>(one);
  EXPECT_EQ(sum, 1u + 2 + 3 + 4);
  EXPECT_EQ(pair.ring.descriptors_free(), 8);
}

// What no device does.

TYPED_TEST(Ring, a_buffer_that_there_is_not_is_a_fault) {
  for (const std::uint32_t id : {8u, 0xffffu}) {
    Pair<TypeParam> pair{8};
    const std::array<Segment, 1> one{{{1, 1}}};
    pair.ring.add(one, {}, token(1));
    pair.ring.publish();
    pair.device.use(id, 0, 1);
    Completion completion;
    EXPECT_FALSE(pair.ring.take(completion));
    EXPECT_EQ(pair.ring.fault(), RingFault::kUnknownId);
    EXPECT_EQ(pair.ring.reclaim(), token(1));
  }
}

TYPED_TEST(Ring, a_buffer_that_the_device_does_not_have_is_a_fault) {
  Pair<TypeParam> pair{8};
  const std::array<Segment, 1> one{{{1, 1}}};
  pair.ring.add(one, {}, token(1));
  pair.ring.add(one, {}, token(2));
  pair.ring.publish();
  const Got first = pair.device.get();
  pair.device.use(first.id, 0, 1);
  pair.device.use(first.id, 0, 1);
  Completion completion;
  EXPECT_TRUE(pair.ring.take(completion));
  EXPECT_FALSE(pair.ring.take(completion));
  EXPECT_EQ(pair.ring.fault(), RingFault::kNotItsOwn);
  EXPECT_EQ(pair.ring.reclaim(), token(2));
}

TYPED_TEST(Ring, the_middle_of_a_buffer_is_none) {
  Pair<TypeParam> pair{8};
  const std::array<Segment, 3> three{{{1, 1}, {2, 2}, {3, 3}}};
  pair.ring.add(three, {}, token(1));
  pair.ring.publish();
  pair.device.use(pair.device.get().id + 1u, 0, 1);
  Completion completion;
  EXPECT_FALSE(pair.ring.take(completion));
  EXPECT_EQ(pair.ring.fault(), RingFault::kNotItsOwn);
}

TYPED_TEST(Ring, more_written_than_there_is_room_for_is_a_fault) {
  Pair<TypeParam> pair{8};
  const std::array<Segment, 1> one{{{1, 100}}};
  for (const std::uint32_t written : {100u, 101u}) {
    pair.ring.add(one, one, token(1));
    pair.ring.publish();
    const Got got = pair.device.get();
    pair.device.use(got.id, written, 2);
    Completion completion;
    EXPECT_EQ(pair.ring.take(completion), written == 100);
  }
  EXPECT_EQ(pair.ring.fault(), RingFault::kTooLong);
}

TYPED_TEST(Ring, a_fault_lasts) {
  Pair<TypeParam> pair{8};
  const std::array<Segment, 1> one{{{1, 1}}};
  pair.ring.add(one, {}, token(1));
  pair.ring.publish();
  const Got got = pair.device.get();
  pair.device.use(99, 0, 1);
  Completion completion;
  EXPECT_FALSE(pair.ring.take(completion));
  pair.device.use(got.id, 0, 1);
  EXPECT_FALSE(pair.ring.take(completion));
  EXPECT_EQ(pair.ring.fault(), RingFault::kUnknownId);
}

TYPED_TEST(Ring, nonsense_touches_nothing_outside) {
  std::mt19937 random{2};
  const std::array<Segment, 2> two{{{1, 50}, {2, 50}}};
  for (int round = 0; round < 3'000; ++round) {
    Pair<TypeParam> pair{4, round % 2 == 0};
    const std::size_t bytes = typename TypeParam::Ring::Layout{4}.bytes;
    for (int i = 0; i < 12; ++i) {
      pair.ring.add({two.data(), 1}, {two.data() + 1, 1}, token(1));
      pair.ring.publish();
      for (int n = 0; n < 6; ++n) {
        poke(pair.memory.ring() + random() % bytes, static_cast<std::uint8_t>(random()));
      }
      Completion completion{token(1), 0};
      for (int most = 0; pair.ring.take(completion); ++most) {
        ASSERT_LT(most, 3);
        ASSERT_LE(completion.written, 50u);
      }
      ASSERT_EQ(completion.token, token(1));
      pair.ring.enable_interrupts();
      pair.ring.disable_interrupts();
    }
    ASSERT_TRUE(pair.memory.is_untouched_around());
    int back = 0;
    while (pair.ring.reclaim() != nullptr) ++back;
    ASSERT_LE(back, 2);
    ASSERT_EQ(pair.ring.descriptors_free(), 4);
  }
}

TEST(SplitRing, an_index_that_runs_ahead_is_a_fault) {
  Pair<SplitDevice> pair{8};
  const std::array<Segment, 1> one{{{1, 1}}};
  pair.ring.add(one, {}, token(1));
  pair.ring.publish();
  pair.device.jump(2);
  Completion completion;
  EXPECT_FALSE(pair.ring.take(completion));
  EXPECT_EQ(pair.ring.fault(), RingFault::kTooMany);
}

// §2.7.1 and §2.8.1, for a queue of 256.
TEST(Layout, is_the_specification_s) {
  constexpr SplitRing::Layout kSplit{256};
  static_assert(kSplit.driver == 4096 && kSplit.device == 4096 + 6 + 512 + 2);
  static_assert(kSplit.bytes == kSplit.device + 6 + 2048);
  constexpr PackedRing::Layout kPacked{256};
  static_assert(kPacked.driver == 4096 && kPacked.device == 4100 && kPacked.bytes == 4104);
}

}  // namespace
}  // namespace virtio_ring_test
