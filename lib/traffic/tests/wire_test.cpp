// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/host/ram.hpp>

#include <atoll/netdev_loopback.hpp>
#include <atoll/traffic/tally.hpp>
#include <atoll/traffic/wire.hpp>

#include "reluctant.hpp"

namespace {

using namespace atl;
using namespace atl::traffic;

/// A wire between the near ends of two cables.
class TrafficWire : public host::RamTest {
 protected:
  TrafficWire() : RamTest({4096}) {
    NetdevLoopback::connect(near, left);
    NetdevLoopback::connect(right, far);
    for (NetdevLoopback* device : {&near, &left, &right, &far}) {
      EXPECT_TRUE(device->open({.pool = pool.get(), .depth = 64}).ok());
    }
    plan.batch = 4;
  }
  ~TrafficWire() override {
    for (NetdevLoopback* device : {&near, &left, &right, &far}) device->close();
  }

  void send(NetdevLoopback& device, std::uint64_t number) {
    Packet packet = pool->allocate();
    const Ends ends{.from = ipv4(1, 2, 3, 4), .to = ipv4(5, 6, 7, 8)};
    write_frame({packet->append(60), 60}, ends, {1, 0, number}, Payload::kPattern);
    ASSERT_EQ(device.send(0, {&packet, 1}), 1u);
  }
  /// What has arrived at `device`.
  static Counts received(NetdevLoopback& device) {
    auto tally = Tally::create(1, 1, Payload::kPattern).value();
    Packet packet;
    while (device.receive(0, {&packet, 1}) == 1) tally->note(packet->bytes());
    return tally->counts();
  }

  Owned<BufferPool> pool = BufferPool::create({.buffers = 512}).value();
  NetdevLoopback near{{{2, 0, 0, 0, 0, 1}}}, left{{{2, 0, 0, 0, 0, 2}}};
  NetdevLoopback right{{{2, 0, 0, 0, 0, 3}}}, far{{{2, 0, 0, 0, 0, 4}}};
  Plan plan;
};

TEST_F(TrafficWire, hands_on_both_ways_in_order) {
  auto wire = make<Wire>(plan, left, right).value();
  EXPECT_FALSE(wire->step());
  EXPECT_TRUE(wire->arm());
  for (std::uint64_t number = 0; number < 20; ++number) {
    send(near, number);
    send(far, number);
  }
  EXPECT_FALSE(wire->arm()) << "there is something to receive";
  while (wire->step()) {
  }
  EXPECT_EQ(wire->passed(false), 20u);
  EXPECT_EQ(wire->passed(true), 20u);
  EXPECT_FALSE(wire->is_over());
  for (NetdevLoopback* const device : {&near, &far}) {
    const Counts counts = received(*device);
    EXPECT_EQ(counts.arrived, 20u);
    EXPECT_EQ(counts.reordered, 0u);
  }
}

TEST_F(TrafficWire, ends_after_as_many_as_it_was_told) {
  plan.packets = 10;
  auto wire = make<Wire>(plan, left, right).value();
  for (std::uint64_t number = 0; number < 9; ++number) {
    send(near, number);
    send(far, number);
  }
  while (wire->step()) {
  }
  EXPECT_TRUE(wire->is_over());
  EXPECT_EQ(wire->passed(false) + wire->passed(true), 10u);
}

TEST_F(TrafficWire, what_finds_no_room_waits_with_all_behind_it) {
  Reluctant narrow;
  ASSERT_TRUE(narrow.open({.pool = pool.get()}).ok());
  {
    auto wire = make<Wire>(plan, left, narrow).value();
    for (std::uint64_t number = 0; number < 10; ++number) send(near, number);
    EXPECT_FALSE(wire->step());
    EXPECT_TRUE(wire->arm()) << "there is no room";
    for (const std::size_t room : {1, 2, 0, 3, 9, 9}) {
      narrow.room = room;
      wire->step();
    }
    EXPECT_EQ(narrow.tally->counts().arrived, 10u);
    EXPECT_EQ(narrow.tally->counts().reordered + narrow.tally->counts().duplicated, 0u);
    EXPECT_EQ(wire->passed(false), 10u);
  }
  narrow.close();
}

}  // namespace
