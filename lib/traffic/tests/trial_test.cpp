// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/host/ram.hpp>

#include <atoll/netdev_loopback.hpp>
#include <atoll/traffic/trial.hpp>
#include <functional>
#include <vector>

namespace {

using namespace atl;
using namespace atl::traffic;

/// A sender at the end of one cable, a counter at that of another, and in between what a test
/// does to a packet.
class TrafficTrial : public host::RamTest {
 protected:
  /// What becomes of packet number `index` on its way: how often it arrives.
  using Fate = std::function<int(std::uint64_t index, Buffer& packet)>;

  TrafficTrial() : RamTest({4096}) {
    NetdevLoopback::connect(near, left);
    NetdevLoopback::connect(right, far);
    for (NetdevLoopback* device : {&near, &left, &right, &far}) {
      EXPECT_TRUE(device->open({.pool = pool.get(), .depth = 64}).ok());
    }
  }
  ~TrafficTrial() override {
    for (NetdevLoopback* device : {&near, &left, &right, &far}) device->close();
  }

  /// Whether there was something.
  bool carry(const Fate& fate) {
    std::array<Packet, 16> some;
    const std::size_t count = left.receive(0, some);
    for (std::size_t i = 0; i < count; ++i) {
      for (int times = fate(carried++, *some[i]); times > 0; --times) {
        Packet copy = pool->allocate();
        std::memcpy(copy->append(some[i]->length()), some[i]->data(), some[i]->length());
        right.send(0, {&copy, 1});
      }
      some[i].reset();
    }
    return count != 0;
  }

  /// Carries out `plan` as a program would, with a clock that jumps where it sleeps; whether it
  /// came to an end.
  bool carry_out(const Plan& plan, const Fate& fate = always) {
    carried = 0;
    sender.emplace(near, *senders, plan, ends);
    tally = Tally::create(plan.flows, plan.run, plan.payload).value();
    trial = make<Trial>(plan, Trial::Parts{&*sender, &far, tally.get()}, now).value();
    for (int turns = 0; turns < 100'000; ++turns) {
      const bool busy = trial->step();
      const bool carries = carry(fate);
      most_under_way = std::max(most_under_way, sender->sent() - tally->counts().arrived);
      now = now + 1_us;
      if (busy && turns % 64 != 0) continue;
      if (trial->look(now)) return true;
      if (busy || carries || !trial->arm()) continue;
      if (trial->next() == kNever) return false;
      now = std::max(now, trial->next());
    }
    return false;
  }

  static int always(std::uint64_t, Buffer&) { return 1; }

  Owned<BufferPool> pool = BufferPool::create({.buffers = 512}).value();
  Owned<BufferPool> senders = BufferPool::create({.buffers = 128}).value();
  NetdevLoopback near{{{2, 0, 0, 0, 0, 1}}}, left{{{2, 0, 0, 0, 0, 2}}};
  NetdevLoopback right{{{2, 0, 0, 0, 0, 3}}}, far{{{2, 0, 0, 0, 0, 4}}};
  Ends ends{.from = ipv4(1, 2, 3, 4), .to = ipv4(5, 6, 7, 8)};
  Nanoseconds now = 5_s;
  std::uint64_t carried = 0;
  std::uint64_t most_under_way = 0;
  std::optional<Sender> sender;
  Owned<Tally> tally;
  Owned<Trial> trial;
};

Plan plan_of(std::uint64_t packets) {
  Plan plan;
  plan.packets = packets;
  plan.flows = 3;
  plan.batch = 8;
  plan.window = 16;
  plan.sizes = {.smallest = 60, .largest = 1514};
  return plan;
}

TEST_F(TrafficTrial, all_that_is_sent_arrives) {
  const Plan plan = plan_of(5000);
  ASSERT_TRUE(carry_out(plan));
  EXPECT_TRUE(trial->is_good());
  EXPECT_EQ(tally->counts().arrived, 5000u);
  EXPECT_EQ(tally->counts().arrived_bytes, sender->sent_bytes());
  EXPECT_EQ(trial->lost(), 0u);
  EXPECT_EQ(trial->stalls(), 0u);
}

TEST_F(TrafficTrial, what_is_lost_is_missed_and_the_window_goes_on) {
  const Plan plan = plan_of(500);
  ASSERT_TRUE(
      carry_out(plan, [](std::uint64_t index, Buffer&) { return index % 25 == 3 ? 0 : 1; }));
  EXPECT_EQ(trial->lost(), 20u);
  EXPECT_EQ(tally->counts().arrived, 480u);
  EXPECT_GT(trial->stalls(), 0u);
  EXPECT_FALSE(trial->is_good());
}

TEST_F(TrafficTrial, what_comes_twice_is_told) {
  const Plan plan = plan_of(100);
  ASSERT_TRUE(carry_out(plan, [](std::uint64_t index, Buffer&) { return index == 50 ? 2 : 1; }));
  EXPECT_EQ(tally->counts().duplicated, 1u);
  EXPECT_EQ(trial->lost(), 0u);
  EXPECT_FALSE(trial->is_good());
}

TEST_F(TrafficTrial, what_is_damaged_is_told) {
  const Plan plan = plan_of(100);
  ASSERT_TRUE(carry_out(plan, [](std::uint64_t index, Buffer& packet) {
    if (index == 7) packet.data()[packet.length() - 1] ^= std::byte{0x10};
    return 1;
  }));
  EXPECT_EQ(tally->counts().damaged, 1u);
  EXPECT_EQ(trial->lost(), 1u);
  EXPECT_FALSE(trial->is_good());
}

TEST_F(TrafficTrial, what_is_overtaken_is_told) {
  const Plan plan = plan_of(100);
  Packet kept;
  ASSERT_TRUE(carry_out(plan, [&](std::uint64_t index, Buffer& packet) {
    if (index == 10) {
      kept = pool->allocate();
      std::memcpy(kept->append(packet.length()), packet.data(), packet.length());
      return 0;
    }
    if (index == 14) right.send(0, {&kept, 1});  // behind 13, which is of the same flow
    return 1;
  }));
  EXPECT_EQ(tally->counts().reordered, 1u);
  EXPECT_EQ(trial->lost(), 0u);
  EXPECT_FALSE(trial->is_good());
}

TEST_F(TrafficTrial, others_packets_do_no_harm) {
  const Plan plan = plan_of(100);
  ASSERT_TRUE(carry_out(plan, [&](std::uint64_t index, Buffer&) {
    if (index % 10 == 0) {
      Packet other = pool->allocate();
      std::memset(other->append(60), static_cast<int>(index), 60);
      right.send(0, {&other, 1});
    }
    return 1;
  }));
  EXPECT_EQ(tally->counts().foreign, 10u);
  EXPECT_TRUE(trial->is_good());
}

TEST_F(TrafficTrial, no_more_than_the_window_is_under_way) {
  Plan plan = plan_of(1000);
  plan.window = 5;
  ASSERT_TRUE(carry_out(plan));
  EXPECT_LE(most_under_way, 5u);
  EXPECT_TRUE(trial->is_good());
}

TEST_F(TrafficTrial, the_rate_is_kept) {
  Plan plan = plan_of(500);
  plan.rate = 100;
  ASSERT_TRUE(carry_out(plan));
  EXPECT_TRUE(trial->is_good());
  EXPECT_GE(trial->took(), 4'990_ms);
  EXPECT_LE(trial->took(), 5'010_ms);
}

TEST_F(TrafficTrial, it_ends_after_its_time) {
  Plan plan = plan_of(0);
  plan.duration = 20_ms;
  ASSERT_TRUE(carry_out(plan));
  EXPECT_GT(sender->sent(), 1000u);
  EXPECT_LE(trial->took(), 21_ms);
  EXPECT_TRUE(trial->is_good());
}

TEST_F(TrafficTrial, it_gives_up_on_what_never_comes) {
  const Plan plan = plan_of(10);
  const Nanoseconds start = now;
  ASSERT_TRUE(carry_out(plan, [](std::uint64_t, Buffer&) { return 0; }));
  EXPECT_GE(now - start, plan.patience);
  EXPECT_EQ(trial->lost(), 10u);
  EXPECT_FALSE(trial->is_good());
}

TEST_F(TrafficTrial, one_that_is_stopped_sends_no_more_and_waits_for_the_rest) {
  const Plan plan = plan_of(1000);
  ASSERT_TRUE(carry_out(plan, [&](std::uint64_t index, Buffer&) {
    if (index == 100) trial->stop();
    return 1;
  }));
  EXPECT_LT(sender->sent(), 150u);
  EXPECT_EQ(trial->lost(), 0u);
  EXPECT_FALSE(trial->is_good()) << "it was to send more";
}

TEST_F(TrafficTrial, a_counter_alone_knows_by_the_numbers) {
  Plan plan = plan_of(6);
  plan.window = 0;
  tally = Tally::create(3, 1, Payload::kPattern).value();
  trial = make<Trial>(plan, Trial::Parts{nullptr, &far, tally.get()}, now).value();
  EXPECT_FALSE(trial->step());
  EXPECT_EQ(trial->next(), kNever) << "nothing has come";
  for (const std::uint64_t number : {0, 1, 3}) {
    Packet packet = pool->allocate();
    write_frame({packet->append(60), 60}, ends, {1, 0, number}, Payload::kPattern);
    ASSERT_EQ(right.send(0, {&packet, 1}), 1u);
  }
  EXPECT_FALSE(trial->arm()) << "there is something to receive";
  EXPECT_TRUE(trial->step());
  EXPECT_FALSE(trial->look(now));
  EXPECT_TRUE(trial->arm());
  EXPECT_EQ(trial->next(), now + plan.patience);
  EXPECT_TRUE(trial->look(now + plan.patience));
  EXPECT_EQ(trial->lost(), 3u);
  EXPECT_FALSE(trial->is_good());
}

TEST_F(TrafficTrial, a_sender_alone_ends_when_all_has_gone) {
  Plan plan = plan_of(20);
  plan.window = 0;
  sender.emplace(near, *senders, plan, ends);
  trial = make<Trial>(plan, Trial::Parts{&*sender, nullptr, nullptr}, now).value();
  while (trial->step()) {
  }
  EXPECT_TRUE(trial->look(now));
  EXPECT_EQ(sender->sent(), 20u);
  EXPECT_TRUE(trial->is_good());
}

TEST_F(TrafficTrial, a_pool_without_buffers_is_waited_for) {
  const Plan plan = plan_of(200);
  std::vector<Packet> taken(120);
  senders->allocate(taken);
  ASSERT_TRUE(carry_out(plan, [&](std::uint64_t index, Buffer&) {
    if (index == 100) taken.clear();
    return 1;
  }));
  EXPECT_TRUE(trial->is_good());
}

}  // namespace
