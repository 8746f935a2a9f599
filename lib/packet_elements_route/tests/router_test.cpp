// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <random>

#include "route_test.hpp"

namespace packet_elements_test {
namespace {

TEST_F(RouteTest, forwards_with_a_shorter_life_and_a_right_sum) {
  know_hosts();
  for (int lifetime = 2; lifetime < 256; ++lifetime) {
    for (int fragment : {0, 0x4000, 0x2001}) {
      Ip one = packet();
      one.lifetime = lifetime;
      one.fragment = fragment;
      EXPECT_EQ(from0(make(one)), Frames{make(forwarded(one))}) << lifetime;
    }
  }
  EXPECT_EQ(count("forwarded"), 3 * 254u);
}

TEST_F(RouteTest, sums_stay_right_whatever_they_were) {
  know_hosts();
  for (unsigned host = 0; host < 65'536; host += 13) {
    Ip one = packet();
    one.from = 10u << 24 | host;
    ASSERT_EQ(from0(make(one)), Frames{make(forwarded(one))}) << host;
  }
}

TEST_F(RouteTest, frames_in_pieces_and_with_options) {
  know_hosts();
  Ip one = packet();
  one.options = std::string(40, '\1');
  for (const std::uint32_t piece : {1u, 7u, 33u, 34u, 50u, 73u}) {
    EXPECT_EQ(from(net0, {make(one)}, piece), Frames{make(forwarded(one))}) << piece;
  }
  EXPECT_EQ(from0(make(packet()) + "padding"), Frames{make(forwarded(packet())) + "padding"});
}

TEST_F(RouteTest, a_batch_goes_its_ways_in_order) {
  know_hosts();
  Frames frames, to0, to1;
  for (int i = 0; i < 96; ++i) {
    Ip one = packet();
    one.payload = number(static_cast<std::uint64_t>(i), 4);
    if (i % 3 == 0) {
      one.to = ip(18, 9);
      Ip out = forwarded(one);
      out.to_mac = mac(9);
      out.from_mac = mac(0, 0);
      to0.push_back(make(out));
    } else {
      to1.push_back(make(forwarded(one)));
    }
    frames.push_back(make(one));
  }
  from(net0, frames);
  EXPECT_EQ(net0.sent, to0);
  EXPECT_EQ(net1.sent, to1);
}

TEST_F(RouteTest, the_longest_prefix_decides) {
  from1(make(Arp{.from_mac = mac(17), .from = ip(19, 7), .to = ip(19, 1)}));
  from0(make(Arp{.from_mac = mac(7), .from = ip(18, 7)}));
  Ip one = packet();
  one.to = 10u << 24 | 8u << 16 | 1;
  Ip out = forwarded(one);
  out.to_mac = mac(17);
  EXPECT_EQ(from0(make(one)), Frames{make(out)});
  EXPECT_EQ(net1.sent.size(), 1u);
  one.to = out.to = 10u << 24 | 9u << 16 | 1;
  out.to_mac = mac(7);
  out.from_mac = mac(0, 0);
  EXPECT_EQ(from0(make(one)), Frames{make(out)});
  EXPECT_EQ(net0.sent.size(), 1u);
  one.to = 11u << 24 | 1;
  dropped(make(one), "no route");
}

TEST_F(RouteTest, lengths_and_versions_that_contradict_themselves) {
  know_hosts();
  const std::string good = make(packet());
  for (std::size_t length = 0; length < good.size(); ++length) {
    dropped(good.substr(0, length), "malformed");
  }
  const auto with = [&](std::size_t at, int byte) {
    std::string frame = good;
    frame[at] = static_cast<char>(byte);
    frame.replace(24, 2, 2, '\0');
    return frame.replace(24, 2, number(checksum({frame.data() + 14, 20}), 2));
  };
  for (int version = 0; version < 16; ++version) {
    if (version != 4) dropped(with(14, version << 4 | 5), "malformed");
  }
  for (int words = 0; words < 5; ++words) dropped(with(14, 0x40 | words), "malformed");
  dropped(with(14, 0x4f), "malformed");
  dropped(with(16, 1), "malformed");
  dropped(with(17, 19), "malformed");
  for (std::size_t at = 14; at < 34; ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string frame = good;
      frame[at] = static_cast<char>(frame[at] ^ 1 << bit);
      EXPECT_EQ(from0(frame), Frames{}) << at << ", " << bit;
    }
  }
  EXPECT_EQ(from0(good).size(), 1u);
}

TEST_F(RouteTest, addresses_that_nobody_has) {
  know_hosts();
  for (const std::uint32_t address :
       {0u, 1u, 127u << 24 | 1, 224u << 24 | 1, 239u << 24, 240u << 24, ~0u}) {
    Ip from_there = packet(), to_there = packet();
    from_there.from = to_there.to = address;
    dropped(make(from_there), "impossible address");
    dropped(make(to_there), "impossible address");
  }
  Ip broadcast = packet();
  broadcast.from = ip(18, 255);
  dropped(make(broadcast), "impossible address");
  for (const unsigned last : {0u, 255u}) {
    Ip one = packet();
    one.to = ip(19, last);
    dropped(make(one), "no route");
  }
}

TEST_F(RouteTest, frames_for_others) {
  know_hosts();
  for (const std::string& to : {kAll, mac(1, 0), mac(9), std::string{"\1\0\x5e\0\0\1", 6}}) {
    Ip one = packet();
    one.to_mac = to;
    dropped(make(one), "for others");
  }
  std::string frame = make(packet());
  dropped(frame.replace(12, 2, "\x86\xdd"), "other protocols");
  dropped(frame.replace(12, 2, std::string{"\x81\0", 2}), "other protocols");
}

TEST_F(RouteTest, life_ends_and_frames_are_too_long) {
  know_hosts();
  for (const int lifetime : {0, 1}) {
    Ip one = packet();
    one.lifetime = lifetime;
    dropped(make(one), "expired");
  }
  Ip one = packet();
  one.payload.resize(1'480);
  EXPECT_EQ(from0(make(one)), Frames{make(forwarded(one))});
  one.payload.resize(1'481);
  dropped(make(one), "too long");
}

TEST_F(RouteTest, answers_echoes_at_each_of_its_addresses) {
  know_hosts();
  for (const std::uint32_t to : {ip(18, 1), ip(19, 1)}) {
    for (const std::size_t bytes : {0u, 1u, 56u, 1'472u}) {
      const Ip one{.to_mac = mac(0, 0),
                   .from_mac = mac(9),
                   .to = to,
                   .lifetime = 1,
                   .protocol = 1,
                   .payload = echo(8, bytes)};
      const Ip answer{.to_mac = mac(9),
                      .from_mac = mac(0, 0),
                      .from = to,
                      .to = ip(18, 9),
                      .lifetime = 64,
                      .protocol = 1,
                      .payload = echo(0, bytes)};
      EXPECT_EQ(from0(make(one)), Frames{make(answer)}) << bytes;
      EXPECT_EQ(from(net0, {make(one)}, 100), Frames{make(answer)}) << bytes;
    }
  }
  EXPECT_EQ(count("echo answered"), 16u);
}

TEST_F(RouteTest, what_else_is_for_it_is_dropped) {
  know_hosts();
  Ip one = packet();
  one.to = ip(18, 1);
  dropped(make(one), "for us");
  one.protocol = 1;
  one.payload = echo(0);
  dropped(make(one), "for us");
  one.payload = echo(8).substr(0, 7);
  dropped(make(one), "for us");
  one.payload = echo(8);
  one.fragment = 0x2000;
  dropped(make(one), "for us");
  one.fragment = 1;
  dropped(make(one), "for us");
  one.fragment = 0;
  one.options = std::string(4, '\1');
  dropped(make(one), "for us");
  one.options = {};
  one.payload[20] ^= 1;
  dropped(make(one), "wrong checksum");
  one.payload = echo(8);
  one.from = ip(19, 1);
  dropped(make(one), "no route");
  one.from = 11u << 24 | 1;
  dropped(make(one), "no route");
}

TEST_F(RouteTest, anything_at_all_keeps_the_sums) {
  know_hosts();
  std::mt19937 random{5};
  for (int i = 0; i < 4'000; ++i) {
    std::string frame = i % 2 == 0 ? make(packet()) : make(Arp{});
    for (unsigned change = random() % 4; change > 0; --change) {
      frame[random() % frame.size()] = static_cast<char>(random());
    }
    frame.resize(random() % 3 == 0 ? random() % 80 : frame.size());
    net0.sent.clear();
    net0.arrive(frame, 1 + random() % 60);
    forward();
    host::advance(Nanoseconds{random() % 300'000'000});
  }
  expect_sums();
}

/// Hands on two handles to what comes, as a switch does.
class Doubler final : public Element {
 private:
  void do_push(std::uint16_t, PacketBatch& batch) override {
    PacketBatch copies;
    for (Packet& one : batch.packets()) {
      if (!copies.full()) copies.add(one->share());
    }
    made_ += copies.size();
    pass(copies);
    pass(batch);
  }
  void do_report(Counters& into) const override { into.made("doubled", made_); }
  void do_destroy() override { destroy_in(default_allocator(), *this); }
  std::uint64_t made_ = 0;
};
Result<void> doubler(Wanted& wanted) { return wanted.make<Doubler>(); }

TEST_F(RouteTest, what_is_shared_is_not_written_to) {
  constexpr Driver kinds[] = {{"router", router_element}, {"double", doubler}};
  ASSERT_EQ(configure(kinds,
                      "r = router 198.18.0.1/24, 198.19.0.1/24\n"
                      "net0 -> double -> r.0 -> net0; net1 -> r.1 -> net1"),
            "");
  from1(make(Arp{.from_mac = mac(19), .from = ip(19, 9), .to = ip(19, 1)}));
  EXPECT_EQ(from0(make(Arp{})).size(), 2u);
  const std::string out = make(forwarded(packet()));
  EXPECT_EQ(from0(make(packet())), (Frames{out, out}));
  EXPECT_EQ(from(net0, {make(packet())}, 40), (Frames{out, out}));
  EXPECT_EQ(count("expired"), 0u);
}

}  // namespace
}  // namespace packet_elements_test
