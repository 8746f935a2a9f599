// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "pending.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <vector>
#include "port_owners.hpp"

namespace {

using atl::xen::PendingEvents;
using atl::xen::SharedPage;

constexpr auto kAll = [](std::uint32_t) { return ~PendingEvents::Word{0}; };

class PendingEventsTest : public testing::Test {
 protected:
  std::unique_ptr<SharedPage> page = std::make_unique<SharedPage>();
  PendingEvents events{*page, page->cpus[0]};
  std::uint32_t next = 0;
  std::vector<std::uint32_t> taken;

  /// As Xen does (xen/common/event_2l.c says no more than the header).
  void arrive(std::uint32_t port) {
    page->pending[port / 64] |= 1ul << port % 64;
    if ((page->masked[port / 64] >> port % 64 & 1) != 0) return;
    page->cpus[0].pending_words |= 1ul << port / 64;
    page->cpus[0].event_pending = 1;
  }
  void take() {
    events.take(next, kAll, [this](std::uint32_t port) { taken.push_back(port); });
  }
};

TEST_F(PendingEventsTest, nothing_pending_is_nothing_taken) {
  take();
  EXPECT_TRUE(taken.empty());
}

TEST_F(PendingEventsTest, the_first_and_the_last_port_are_ports) {
  arrive(4095);
  arrive(0);
  arrive(64);
  take();
  EXPECT_EQ(taken, (std::vector<std::uint32_t>{0, 64, 4095}));
  EXPECT_EQ(page->pending[0], 0u);
  EXPECT_EQ(page->pending[63], 0u);
  EXPECT_EQ(page->cpus[0].pending_words, 0u);
  EXPECT_EQ(page->cpus[0].event_pending, 0u);
}

TEST_F(PendingEventsTest, a_masked_port_stays_pending) {
  events.mask_all();
  page->masked[0] = ~(1ul << 5);
  arrive(4);
  arrive(5);
  take();
  EXPECT_EQ(taken, (std::vector<std::uint32_t>{5}));
  EXPECT_EQ(page->pending[0], 1ul << 4);
}

TEST_F(PendingEventsTest, what_comes_in_a_handler_is_taken_too) {
  arrive(7);
  int times = 0;
  events.take(next, kAll, [&](std::uint32_t port) {
    taken.push_back(port);
    if (++times < 4) arrive(times == 2 ? 700 : 7);
  });
  EXPECT_EQ(taken, (std::vector<std::uint32_t>{7, 7, 700, 7}));
}

TEST_F(PendingEventsTest, a_port_masked_by_a_handler_is_left_alone) {
  arrive(1);
  arrive(2);
  events.take(next, kAll, [&](std::uint32_t port) {
    taken.push_back(port);
    events.mask(2);
  });
  EXPECT_EQ(taken, (std::vector<std::uint32_t>{1}));
}

TEST_F(PendingEventsTest, a_port_of_another_cpu_is_left_alone) {
  atl::xen::BasicPortOwners<4> owners;
  owners.give(5, 2);
  arrive(5);
  arrive(6);
  const auto of = [&owners](std::uint32_t cpu) {
    return [&owners, cpu](std::uint32_t word) { return owners.of(cpu, word); };
  };
  const auto note = [this](std::uint32_t port) { taken.push_back(port); };
  events.take(next, of(0), note);
  EXPECT_EQ(taken, (std::vector<std::uint32_t>{6}));
  arrive(5);
  events.take(next, of(1), note);
  EXPECT_EQ(taken.size(), 1u);
  arrive(5);
  events.take(next, of(2), note);
  EXPECT_EQ(taken, (std::vector<std::uint32_t>{6, 5}));
  owners.take_back(5);
  arrive(5);
  events.take(next, of(0), note);
  EXPECT_EQ(taken, (std::vector<std::uint32_t>{6, 5, 5}));
}

TEST_F(PendingEventsTest, set_makes_pending) {
  page->cpus[0].pending_words = 1;
  page->cpus[0].event_pending = 1;
  events.set(9);
  take();
  EXPECT_EQ(taken, (std::vector<std::uint32_t>{9}));
}

// A port that is always pending again must not keep the others waiting.
TEST_F(PendingEventsTest, a_busy_port_starves_no_other) {
  arrive(3);
  arrive(5);
  arrive(200);
  std::set<std::uint32_t> others;
  int turns = 0;
  events.take(next, kAll, [&](std::uint32_t port) {
    if (++turns < 50) arrive(3);
    if (port != 3) others.insert(port);
    if (others.size() < 2) EXPECT_LT(turns, 6);
  });
  EXPECT_EQ(others, (std::set<std::uint32_t>{5, 200}));
}

TEST_F(PendingEventsTest, turns_go_on_where_the_last_ended) {
  arrive(10);
  take();
  arrive(9);
  arrive(11);
  take();
  EXPECT_EQ(taken, (std::vector<std::uint32_t>{10, 11, 9}));
}

}  // namespace
