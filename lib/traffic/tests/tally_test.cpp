// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <algorithm>
#include <atoll/traffic/tally.hpp>
#include <numeric>
#include <random>
#include <set>
#include <vector>

namespace {

using namespace atl::traffic;
using atl::ipv4;
using Arrival = Flow::Arrival;

TEST(TrafficFlow, in_order_each_is_the_newest) {
  Flow flow;
  for (std::uint64_t number = 0; number < 5000; ++number) {
    EXPECT_EQ(flow.note(number), Arrival::kNewest);
  }
  EXPECT_EQ(flow.next(), 5000u);
}

TEST(TrafficFlow, the_oldest_that_is_remembered) {
  Flow flow;
  EXPECT_EQ(flow.note(0), Arrival::kNewest);
  EXPECT_EQ(flow.note(Flow::kRemembered - 1), Arrival::kNewest);
  EXPECT_EQ(flow.note(0), Arrival::kDuplicated);
  EXPECT_EQ(flow.note(1), Arrival::kReordered);
  EXPECT_EQ(flow.note(Flow::kRemembered), Arrival::kNewest);
  EXPECT_EQ(flow.note(0), Arrival::kStale);
  EXPECT_EQ(flow.note(1), Arrival::kDuplicated);
}

// Against a set of all numbers.
TEST(TrafficFlow, tells_what_a_set_tells) {
  std::mt19937 random{3};
  for (int round = 0; round < 50; ++round) {
    Flow flow;
    std::set<std::uint64_t> seen;
    std::uint64_t next = 0;
    for (int step = 0; step < 5000; ++step) {
      const std::uint64_t jump = random() % 100 == 0 ? random() % 3000 : random() % 4;
      const std::uint64_t number =
          random() % 3 == 0 ? next - std::min<std::uint64_t>(next, random() % 1500) : next + jump;
      Arrival expected = Arrival::kNewest;
      if (number < next) {
        expected = next - number > Flow::kRemembered ? Arrival::kStale
                   : seen.contains(number)           ? Arrival::kDuplicated
                                                     : Arrival::kReordered;
      }
      ASSERT_EQ(flow.note(number), expected) << "round " << round << ", step " << step;
      seen.insert(number);
      next = std::max(next, number + 1);
    }
  }
}

class TrafficTally : public testing::Test {
 protected:
  void note(std::uint16_t flow, std::uint64_t number, std::uint32_t bytes = 64) {
    std::vector<std::byte> frame(bytes);
    write_frame(frame, {.from = ipv4(1, 2, 3, 4), .to = ipv4(5, 6, 7, 8)}, {1, flow, number},
                Payload::kPattern);
    tally->note(frame);
  }
  atl::Owned<Tally> tally = Tally::create(2, 1, Payload::kPattern).value();
};

TEST_F(TrafficTally, flows_count_by_themselves) {
  note(0, 0);
  note(1, 0, 100);
  note(0, 2);
  note(0, 1);
  note(1, 0);
  EXPECT_EQ(tally->counts().arrived, 4u);
  EXPECT_EQ(tally->counts().arrived_bytes, 64u + 100 + 64 + 64);
  EXPECT_EQ(tally->counts().reordered, 1u);
  EXPECT_EQ(tally->counts().duplicated, 1u);
  EXPECT_EQ(tally->known(), 4u);
}

TEST_F(TrafficTally, one_that_is_late_by_a_window_is_stale_and_has_not_arrived) {
  note(0, 2 * Flow::kRemembered);
  note(0, 0);
  EXPECT_EQ(tally->counts().arrived, 1u);
  EXPECT_EQ(tally->counts().stale, 1u);
}

TEST_F(TrafficTally, a_flow_that_there_is_not_is_damage) {
  note(2, 0);
  EXPECT_EQ(tally->counts().damaged, 1u);
  EXPECT_EQ(tally->counts().arrived, 0u);
}

TEST_F(TrafficTally, what_is_nobodys_is_foreign) {
  tally->note({});
  EXPECT_EQ(tally->counts().foreign, 1u);
}

}  // namespace
