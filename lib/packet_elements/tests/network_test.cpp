// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "fake_interface.hpp"

namespace packet_elements_test {
namespace {

class Pass final : public Element {
 public:
  explicit Pass(bool starts = true) : starts_(starts) {}

 private:
  void do_push(std::uint16_t, PacketBatch& batch) override {
    EXPECT_FALSE(batch.empty());
    packets_ += batch.size();
    pass(batch);
  }
  void do_report(Counters& into) const override { into.count("packets", packets_); }
  Result<void> do_start() override {
    if (!starts_) return fail(Errc::kNoData);
    return {};
  }
  void do_destroy() override { destroy_in(default_allocator(), *this); }

  bool starts_;
  std::uint64_t packets_ = 0;
};

/// Passes one packet at a time.
class Single final : public Element {
 private:
  void do_push(std::uint16_t, PacketBatch& batch) override {
    PacketBatch one;
    for (Packet& packet : batch.packets()) {
      one.add(std::move(packet));
      pass(one);
    }
    batch.clear();
  }
  void do_report(Counters&) const override {}
  void do_destroy() override { destroy_in(default_allocator(), *this); }
};

Result<void> single(Wanted& wanted) { return wanted.make<Single>(); }
Result<void> pass(Wanted& wanted) { return wanted.make<Pass>(); }
Result<void> stubborn(Wanted& wanted) { return wanted.make<Pass>(false); }
constexpr Driver kKinds[] = {{"pass", pass}, {"single", single}, {"stubborn", stubborn}};

class Network : public NetworkTest {
 protected:
  void begin(std::string_view text) { ASSERT_EQ(configure(kKinds, text), ""); }
  static std::vector<std::string> frames(int from, int to) {
    std::vector<std::string> all;
    for (int i = from; i < to; ++i) all.push_back(frame(i));
    return all;
  }
  void arrive(FakeInterface& device, int from, int to) {
    for (int i = from; i < to; ++i) device.arrive(frame(i));
  }
};

TEST_F(Network, a_wire_forwards_both_ways_in_order) {
  begin("net0 -> net1; net1 -> net0");
  arrive(net0, 0, 100);
  arrive(net1, 100, 150);
  forward();
  EXPECT_EQ(net1.sent, frames(0, 100));
  EXPECT_EQ(net0.sent, frames(100, 150));
  const Collected all = counters();
  EXPECT_EQ(all["net0: received"], 100u);
  EXPECT_EQ(all["net1: sent"], 100u);
  EXPECT_EQ(all["net1: received"], 50u);
  EXPECT_EQ(all["net0: sent"], 50u);
  expect_sums();
}

TEST_F(Network, elements_are_passed_in_turn_and_each_has_its_counters) {
  begin("p = pass\nnet0 -> pass -> p\np -> net1\nnet1 -> p");
  arrive(net0, 0, 3);
  arrive(net1, 3, 5);
  forward();
  EXPECT_EQ(net1.sent, frames(0, 5));
  EXPECT_EQ(counters()["p: packets"], 5u);
  EXPECT_EQ(counters()["pass 2: packets"], 3u);
}

TEST_F(Network, what_an_interface_does_not_take_waits_and_nothing_overtakes_it) {
  begin("net0 -> net1; net1 -> net0");
  net1.room = 5;
  arrive(net0, 0, 40);
  arrive(net1, 90, 93);
  forward();
  EXPECT_EQ(net1.sent, frames(0, 5));
  EXPECT_EQ(net0.sent, frames(90, 93)) << "the other way is free";
  EXPECT_EQ(net0.arrived(), 8u) << "nothing is received that would have to be dropped";
  EXPECT_FALSE(network->arm()) << "the third part is still to be received";
  EXPECT_NE(net0.armed & Netdev::kReceive, 0u);
  net1.room = 1'000;
  forward();
  EXPECT_EQ(net1.sent, frames(0, 40));
  EXPECT_EQ(counters().dropped, 0u);
  expect_sums();
}

TEST_F(Network, nothing_overtakes_what_waits_within_a_batch) {
  begin("net0 -> single -> net1");
  net1.refusals = 1;
  arrive(net0, 0, 20);
  forward();
  EXPECT_EQ(net1.sent, frames(0, 20));
}

TEST_F(Network, room_is_waited_for_where_something_waits) {
  begin("net0 -> net1");
  net1.room = 0;
  arrive(net0, 0, 4);
  forward();
  EXPECT_TRUE(network->arm());
  EXPECT_EQ(net1.armed, unsigned{Netdev::kSend}) << "net1 is not received from";
  EXPECT_EQ(counters().waiting, 4u);
}

TEST_F(Network, an_interface_that_takes_nothing_for_a_second_is_not_waited_for) {
  begin("net0 -> net1; net2 -> net1");
  net1.room = 0;
  arrive(net0, 0, 10);
  forward();
  host::advance(999_ms);
  forward();
  EXPECT_EQ(counters().dropped, 0u);
  host::advance(1_ms);
  arrive(net2, 10, 13);
  forward();
  EXPECT_EQ(counters()["net1: no room"], 13u);
  net1.room = 1'000;
  arrive(net0, 20, 30);
  forward();
  EXPECT_EQ(net1.sent, frames(20, 30));
  // It is waited for again.
  net1.room = 0;
  arrive(net0, 30, 31);
  forward();
  EXPECT_EQ(counters().waiting, 1u);
  expect_sums();
}

TEST_F(Network, an_interface_that_takes_a_little_is_waited_for) {
  begin("net0 -> net1");
  net1.room = 0;
  arrive(net0, 0, 10);
  for (int i = 0; i < 10; ++i) {
    forward();
    host::advance(900_ms);
    net1.room = 1;
  }
  forward();
  EXPECT_EQ(net1.sent, frames(0, 10));
}

TEST_F(Network, a_faulty_interface_is_restarted) {
  begin("net0 -> net1; net1 -> net0");
  net1.set_faulty("the test says so");
  EXPECT_GT(woken, 0);
  EXPECT_FALSE(network->arm()) << "there is something to do";
  arrive(net0, 0, 3);
  forward();
  EXPECT_EQ(net1.sent, frames(0, 3));
  EXPECT_EQ(counters()["net1: restarts"], 1u);
  EXPECT_TRUE(network->arm());
}

TEST_F(Network, one_that_stays_faulty_is_given_up_and_the_others_go_on) {
  begin("net0 -> net1; net1 -> net0; net2 -> net0");
  for (int i = 0; i < 3; ++i) {
    net1.set_faulty("the test says so");
    forward();
  }
  arrive(net0, 0, 3);
  arrive(net2, 3, 5);
  forward();
  EXPECT_EQ(net1.sent.size(), 0u);
  EXPECT_EQ(counters()["net1: down"], 3u);
  EXPECT_EQ(net0.sent, frames(3, 5));
  EXPECT_TRUE(network->works());
  EXPECT_TRUE(network->arm());
  expect_sums();
}

TEST_F(Network, what_waits_for_an_interface_that_fails_is_counted) {
  begin("net0 -> net1");
  net1.room = 0;
  arrive(net0, 0, 7);
  forward();
  for (int i = 0; i < 3; ++i) {
    net1.set_faulty("the test says so");
    network->poll();
  }
  forward();
  EXPECT_EQ(counters().waiting, 0u);
  EXPECT_EQ(counters()["net1: down"], 7u);
  expect_sums();
}

TEST_F(Network, without_any_interface_left_it_does_not_work) {
  begin("net0 -> net0");
  for (int i = 0; i < 3; ++i) {
    net0.set_faulty("the test says so");
    network->poll();
  }
  EXPECT_FALSE(network->works());
}

TEST_F(Network, one_that_does_not_open_is_left_out) {
  net1.opens = Errc::kTimedOut;
  begin("net0 -> net1; net1 -> net0; net2 -> net0");
  arrive(net0, 0, 2);
  arrive(net2, 5, 6);
  forward();
  EXPECT_EQ(counters()["net1: down"], 2u);
  EXPECT_EQ(net0.sent, frames(5, 6));
}

TEST_F(Network, without_one_that_opens_there_is_none) {
  net0.opens = net1.opens = Errc::kTimedOut;
  EXPECT_EQ(configure(kKinds, "net0 -> net1"), to_string(Errc::kNoDevice));
}

TEST_F(Network, an_element_that_does_not_start_ends_the_configuration) {
  EXPECT_EQ(configure(kKinds, "net0 -> stubborn -> net1"), to_string(Errc::kNoData));
}

TEST_F(Network, a_device_that_keeps_its_buffers_keeps_them_for_ever) {
  // Its pages are not given to somebody else.
  const std::uint64_t before = free_pages();
  begin("net0 -> net1");
  EXPECT_LT(free_pages(), before);
  net0.room = 0;
  network.reset();
  EXPECT_EQ(free_pages(), before);
}

TEST_F(Network, interfaces_wake_it) {
  begin("net0 -> net1");
  const int before = woken;
  net0.event(0);
  EXPECT_EQ(woken, before + 1);
}

TEST_F(Network, frames_of_any_length_in_any_pieces) {
  begin("net0 -> pass -> net1");
  std::size_t expected = 0;
  for (const std::size_t length : {0u, 1u, 13u, 14u, 60u, 1'514u, 9'000u, 65'535u}) {
    for (const std::uint32_t piece : {1'500u, 400u}) {
      if (length / piece > 100) continue;
      net0.arrive(std::string(length, 'x'), piece);
      forward();
      ASSERT_EQ(net1.sent.size(), ++expected);
      EXPECT_EQ(net1.sent.back(), std::string(length, 'x'));
    }
  }
}

}  // namespace
}  // namespace packet_elements_test
