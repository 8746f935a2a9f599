// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/host/ram.hpp>

#include <atoll/traffic/sender.hpp>

#include "reluctant.hpp"

namespace {

using namespace atl;
using namespace atl::traffic;

class TrafficSender : public host::RamTest {};

TEST_F(TrafficSender, what_is_not_taken_comes_next) {
  auto pool = BufferPool::create({.buffers = 64}).value();
  Reluctant device;
  ASSERT_TRUE(device.open({.pool = pool.get()}).ok());
  Plan plan;
  plan.packets = 20;
  plan.batch = 8;
  plan.sizes = {.smallest = 60, .largest = 90};
  const Ends ends{.from = ipv4(1, 2, 3, 4), .to = ipv4(5, 6, 7, 8)};
  {
    Sender sender{device, *pool, plan, ends};
    EXPECT_EQ(sender.step(20), 0u);
    EXPECT_TRUE(sender.is_full());
    for (const std::size_t room : {3, 1, 0, 5, 100, 100, 100}) {
      device.room = room;
      sender.step(20);
      EXPECT_EQ(sender.sent(), device.tally->counts().arrived);
    }
    EXPECT_EQ(sender.sent(), 20u);
    EXPECT_EQ(sender.sent_bytes(), device.tally->counts().arrived_bytes);
    EXPECT_EQ(device.tally->counts().reordered + device.tally->counts().duplicated, 0u);
    EXPECT_EQ(sender.step(20), 0u) << "more than there were to be";
    EXPECT_TRUE(sender.is_done());
  }
  device.close();
}

}  // namespace
