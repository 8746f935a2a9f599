// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <array>
#include <atoll/xen/request_ring.hpp>
#include <cstring>
#include <memory>
#include <random>
#include <set>
#include <vector>

namespace {

using atl::Errc;
using atl::xen::PendingRequests;
using atl::xen::RequestRing;
using atl::xen::RequestRingHeader;

struct Ask {
  std::uint64_t id;
  std::uint32_t what[20];
};
struct Answer {
  std::uint64_t id;
  std::int16_t status;
};
using Ring = RequestRing<Ask, Answer>;

// Sizes as ring.h's __CONST_RING_SIZE has them for a page.
static_assert(Ring::kSize == 32);
static_assert(RequestRing<std::array<char, 12>, std::array<char, 8>>::kSize == 256);
static_assert(RequestRing<std::array<char, 112>, std::array<char, 16>>::kSize == 32);

/// A page between two that nobody may touch, and a backend that does what a test wants.
class RequestRingTest : public testing::Test {
 protected:
  struct alignas(4096) Memory {
    std::array<std::byte, 4096> before{}, page{}, after{};
  };
  RequestRingTest() {
    memory->page.fill(std::byte{0x5a});
    ring = Ring{memory->page.data()};
  }
  ~RequestRingTest() override {
    EXPECT_EQ(memory->before, decltype(memory->before){});
    EXPECT_EQ(memory->after, decltype(memory->after){});
  }

  RequestRingHeader& header() { return *reinterpret_cast<RequestRingHeader*>(memory->page.data()); }
  Ask asked(std::uint32_t index) {
    Ask ask;
    std::memcpy(&ask, &memory->page[64 + index % 32 * sizeof(Ask)], sizeof ask);
    return ask;
  }
  void answer(Answer one) {
    std::memcpy(&memory->page[64 + header().response_produced % 32 * sizeof(Ask)], &one,
                sizeof one);
    ++header().response_produced;
  }

  std::unique_ptr<Memory> memory = std::make_unique<Memory>();
  Ring ring;
};

TEST_F(RequestRingTest, a_new_ring_is_empty_and_wants_events) {
  EXPECT_EQ(header().request_produced, 0u);
  EXPECT_EQ(header().response_produced, 0u);
  EXPECT_EQ(header().request_event, 1u);
  EXPECT_EQ(header().response_event, 1u);
  EXPECT_EQ(ring.room(), 32u);
  EXPECT_FALSE(ring.take().value().has_value());
}

TEST_F(RequestRingTest, requests_are_seen_once_published) {
  ASSERT_TRUE(ring.put({.id = 7, .what = {1, 2}}).ok());
  EXPECT_EQ(header().request_produced, 0u);
  EXPECT_TRUE(ring.publish());
  EXPECT_EQ(header().request_produced, 1u);
  EXPECT_EQ(asked(0).id, 7u);
  EXPECT_EQ(asked(0).what[1], 2u);
}

TEST_F(RequestRingTest, a_backend_that_is_busy_is_not_told) {
  ASSERT_TRUE(ring.put({}).ok());
  EXPECT_TRUE(ring.publish());
  ASSERT_TRUE(ring.put({}).ok());
  EXPECT_FALSE(ring.publish()) << "its wish for an event is of the first request";
  header().request_event = 3;
  ASSERT_TRUE(ring.put({}).ok());
  EXPECT_TRUE(ring.publish());
}

TEST_F(RequestRingTest, responses_come_in_order_and_free_their_entries) {
  for (std::uint64_t round = 0; round < 100; ++round) {
    for (std::uint64_t i = 0; i < 32; ++i) ASSERT_TRUE(ring.put({.id = i, .what = {}}).ok());
    EXPECT_EQ(ring.put({}).error(), Errc::kTryAgain);
    ring.publish();
    for (std::uint64_t i = 0; i < 32; ++i) answer({i, static_cast<std::int16_t>(round)});
    for (std::uint64_t i = 0; i < 32; ++i) {
      const auto response = ring.take();
      ASSERT_TRUE(response.ok() && response.value().has_value());
      EXPECT_EQ(response.value()->id, i);
      EXPECT_EQ(response.value()->status, static_cast<std::int16_t>(round));
    }
    EXPECT_FALSE(ring.take().value().has_value());
  }
}

TEST_F(RequestRingTest, requests_and_responses_are_known_by_their_entries) {
  for (std::uint32_t i = 0; i < 100; ++i) {
    EXPECT_EQ(ring.next_request(), i % 32);
    EXPECT_EQ(ring.next_response(), i % 32);
    ASSERT_TRUE(ring.put({.id = i, .what = {}}).ok());
    EXPECT_EQ(asked(i % 32).id, i);
    ring.publish();
    answer({i, 0});
    EXPECT_EQ(ring.take().value()->id, i);
  }
}

TEST_F(RequestRingTest, a_response_that_comes_while_events_are_asked_for_is_seen) {
  ASSERT_TRUE(ring.put({}).ok());
  ASSERT_TRUE(ring.put({}).ok());
  ring.publish();
  EXPECT_FALSE(ring.ask_for_event());
  EXPECT_EQ(header().response_event, 1u);
  answer({});
  EXPECT_TRUE(ring.ask_for_event());
  ASSERT_TRUE(ring.take().ok());
  EXPECT_FALSE(ring.ask_for_event());
  EXPECT_EQ(header().response_event, 2u);
}

TEST_F(RequestRingTest, more_answers_than_questions_are_told) {
  for (const std::uint32_t lie : {1u, 33u, 0x8000'0000u, 0xffff'ffffu}) {
    header().response_produced = lie;
    EXPECT_EQ(ring.take().error(), Errc::kProtocol) << lie;
  }
  header().response_produced = 0;
  ASSERT_TRUE(ring.put({}).ok());
  header().response_produced = 1;
  EXPECT_EQ(ring.take().error(), Errc::kProtocol) << "it was not published";
  ring.publish();
  EXPECT_TRUE(ring.take().ok());
}

TEST_F(RequestRingTest, the_backend_cannot_move_this_sides_indices) {
  ASSERT_TRUE(ring.put({.id = 1, .what = {}}).ok());
  ring.publish();
  header().request_produced = 0xdead;
  header().response_event = 0xbeef;
  ASSERT_TRUE(ring.put({.id = 2, .what = {}}).ok());
  ring.publish();
  EXPECT_EQ(header().request_produced, 2u);
  EXPECT_EQ(asked(1).id, 2u);
}

TEST_F(RequestRingTest, whatever_the_backend_writes_nothing_outside_is_touched) {
  std::mt19937 random{1};
  for (int i = 0; i < 100'000; ++i) {
    if (random() % 2 == 0) (void)ring.put({.id = random(), .what = {}});
    if (random() % 2 == 0) (void)ring.publish();
    for (std::byte& one : std::span{memory->page}.first(16)) {
      if (random() % 8 == 0) one = static_cast<std::byte>(random());
    }
    if (random() % 2 == 0) header().response_produced = static_cast<std::uint32_t>(i) % 40;
    (void)ring.take();
    (void)ring.ask_for_event();
    ASSERT_LE(ring.room(), 32u);
  }
}

TEST(PendingRequests, identifiers_are_told_apart_until_they_are_taken) {
  PendingRequests<int, 8> pending;
  std::set<std::uint16_t> ids;
  for (int i = 0; i < 8; ++i) ids.insert(pending.add(i * 10).value());
  EXPECT_EQ(ids.size(), 8u);
  EXPECT_EQ(pending.add(99).error(), Errc::kTryAgain);
  EXPECT_EQ(pending.take(3).value(), 30);
  EXPECT_EQ(pending.take(3).error(), Errc::kProtocol) << "answered twice";
  EXPECT_EQ(pending.add(31).value(), 3);
  EXPECT_EQ(pending.take(3).value(), 31);
}

TEST(PendingRequests, what_is_under_way_is_found) {
  PendingRequests<int, 8> pending;
  EXPECT_EQ(pending.find(0), nullptr);
  const auto id = pending.add(42).value();
  EXPECT_EQ(*pending.find(id), 42);
  EXPECT_EQ(pending.find(id + 1), nullptr);
  EXPECT_EQ(pending.find(8), nullptr);
  EXPECT_EQ(pending.find(std::uint64_t{1} << 32 | id), nullptr);
  ASSERT_TRUE(pending.take(id).ok());
  EXPECT_EQ(pending.find(id), nullptr);
}

TEST(PendingRequests, identifiers_that_nobody_gave_are_told) {
  PendingRequests<int, 8> pending;
  for (const std::uint64_t id : {std::uint64_t{0}, std::uint64_t{7}, std::uint64_t{8},
                                 std::uint64_t{0xffff}, std::uint64_t{0x1'0000'0000}}) {
    EXPECT_EQ(pending.take(id).error(), Errc::kProtocol) << id;
  }
  ASSERT_TRUE(pending.add(1).ok());
  EXPECT_EQ(pending.take(std::uint64_t{1} << 32).error(), Errc::kProtocol);
}

}  // namespace
