// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "route_test.hpp"

namespace packet_elements_test {
namespace {

class RouteArpTest : public RouteTest {
 protected:
  static constexpr unsigned kWaiting = 32;

  static Arp reply(unsigned last = 9) {
    return {.operation = 2,
            .from_mac = mac(19),
            .from = ip(19, last),
            .to = ip(19, 1),
            .ethernet_to = mac(1, 0),
            .to_mac = mac(1, 0)};
  }
  static std::string question(std::uint32_t address) {
    return make(Arp{.from_mac = mac(1, 0), .from = ip(19, 1), .to = address});
  }
  /// Whether a packet to 198.19.0.9 goes on at once.
  bool is_known() {
    const Frames out = from0(make(packet()));
    return out.size() == 1 && out[0] == make(forwarded(packet()));
  }
};

TEST_F(RouteArpTest, answers_for_its_addresses) {
  EXPECT_EQ(from0(make(Arp{})), Frames{make(Arp{.operation = 2,
                                                .from_mac = mac(0, 0),
                                                .from = ip(18, 1),
                                                .to = ip(18, 9),
                                                .ethernet_to = mac(9),
                                                .to_mac = mac(9)})});
  EXPECT_EQ(from(net0, {make(Arp{.ethernet_to = mac(0, 0)}) + std::string(18, '\0')}, 5).size(),
            1u);
  EXPECT_EQ(count("arp answered"), 2u);
  for (const std::uint32_t to : {ip(18, 2), ip(18, 9), ip(19, 1), 0u}) {
    dropped(make(Arp{.to = to}), "arp for others");
  }
  dropped(make(Arp{.ethernet_to = mac(5)}), "for others");
}

TEST_F(RouteArpTest, asks_and_hands_on_what_waited_in_order) {
  Frames waiting, out;
  for (int i = 0; i < 40; ++i) {
    Ip one = packet();
    one.payload = number(static_cast<std::uint64_t>(i), 4);
    waiting.push_back(make(one));
    if (i < 32) out.push_back(make(forwarded(one)));
  }
  EXPECT_EQ(from(net0, waiting), Frames{question(ip(19, 9))}) << "one question for all";
  EXPECT_EQ(count("waiting"), kWaiting);
  EXPECT_EQ(count("unresolved"), 8u);
  EXPECT_EQ(from1(make(reply())), out);
  EXPECT_EQ(count("arp taken"), 1u);
  EXPECT_EQ(count("waiting"), 0u);
  EXPECT_TRUE(is_known());
}

TEST_F(RouteArpTest, a_question_for_us_tells_as_well) {
  EXPECT_EQ(from0(make(packet())).size(), 1u);
  const Frames out = from1(make(Arp{.from_mac = mac(19), .from = ip(19, 9), .to = ip(19, 1)}));
  ASSERT_EQ(out.size(), 2u);
  EXPECT_EQ(out[0], make(forwarded(packet())));
  EXPECT_TRUE(is_known());
  from1(make(Arp{.from_mac = mac(20), .from = ip(19, 9), .to = ip(19, 1)}));
  EXPECT_FALSE(is_known()) << "it has moved";
}

TEST_F(RouteArpTest, asks_once_a_second_and_nothing_waits_longer) {
  EXPECT_EQ(from0(make(packet())).size(), 1u);
  host::advance(999_ms);
  EXPECT_EQ(from0(make(packet())), Frames{});
  EXPECT_EQ(count("waiting"), 2u);
  host::advance(1_ms);
  EXPECT_EQ(from0(make(packet())), Frames{question(ip(19, 9))});
  EXPECT_EQ(count("unresolved"), 1u);
  EXPECT_EQ(count("waiting"), 2u);
  host::advance(1_s);
  EXPECT_EQ(count("waiting"), 0u) << "told although nothing has come since";
  EXPECT_EQ(count("unresolved"), 3u);
  expect_sums();
  EXPECT_EQ(from1(make(reply())), Frames{});
  EXPECT_EQ(count("arp refused"), 1u) << "too late for an answer";
  EXPECT_EQ(count("unresolved"), 3u);
}

TEST_F(RouteArpTest, what_has_waited_for_too_long_is_not_handed_on) {
  from0(make(packet()));
  host::advance(999_ms);
  from0(make(packet()));
  host::advance(1_ms);
  const Frames out = from1(make(Arp{.from_mac = mac(19), .from = ip(19, 9), .to = ip(19, 1)}));
  ASSERT_EQ(out.size(), 2u) << "the answer, and one of the two";
  EXPECT_EQ(count("unresolved"), 1u);
}

TEST_F(RouteArpTest, asks_anew_before_it_forgets) {
  know_hosts();
  host::advance(44_s);
  EXPECT_TRUE(is_known());
  host::advance(1_s);
  const Frames out = from0(make(packet()));
  EXPECT_EQ(out, (Frames{question(ip(19, 9)), make(forwarded(packet()))}));
  EXPECT_TRUE(is_known()) << "and not at each packet";
  from1(make(reply()));
  host::advance(44_s);
  EXPECT_TRUE(is_known());
  host::advance(16_s);
  EXPECT_EQ(from0(make(packet())), Frames{question(ip(19, 9))});
}

TEST_F(RouteArpTest, what_nobody_asked_for_is_not_learned) {
  const auto refused = [&](const Arp& is) {
    const std::uint64_t before = count("arp refused") + count("arp for others");
    EXPECT_EQ(from1(make(is)), Frames{});
    EXPECT_EQ(count("arp refused") + count("arp for others"), before + 1);
  };
  const auto with = [](auto change) {
    Arp one = reply();
    change(one);
    return one;
  };
  refused(reply());
  EXPECT_EQ(from0(make(packet())), Frames{question(ip(19, 9))}) << "not known by that";
  refused(with([](Arp& is) { is.ethernet_to = kAll; }));
  refused(with([](Arp& is) { is.from = is.to = ip(19, 9); }));
  refused(with([](Arp& is) { is.from = ip(19, 1); }));
  refused(with([](Arp& is) { is.from = ip(19, 8); }));
  refused(with([](Arp& is) { is.from = ip(18, 9); }));
  refused(with([](Arp& is) { is.from = ip(19, 255); }));
  refused(with([](Arp& is) { is.from = 0; }));
  refused(with([](Arp& is) { is.from_mac = kAll; }));
  refused(with([](Arp& is) { is.from_mac[0] = 1; }));
  refused(with([](Arp& is) { is.operation = 3; }));
  refused(with([](Arp& is) { is.operation = 0; }));
  // Questions: of a group, of another network, of our own address.
  refused(with([](Arp& is) { is.operation = 1, is.from_mac = kAll; }));
  refused(with([](Arp& is) { is.operation = 1, is.from = ip(18, 9); }));
  refused(with([](Arp& is) { is.operation = 1, is.from = ip(19, 1); }));
  EXPECT_EQ(count("waiting"), 1u) << "none of them has told where it is";
  EXPECT_EQ(from1(make(reply())), Frames{make(forwarded(packet()))});
  refused(reply());
  refused(with([](Arp& is) { is.from_mac = mac(66); }));
  EXPECT_TRUE(is_known()) << "a second answer changes nothing";
}

TEST_F(RouteArpTest, who_has_no_address_is_answered_and_not_learned) {
  EXPECT_EQ(from1(make(Arp{.from_mac = mac(19), .from = 0, .to = ip(19, 1)})).size(), 1u);
  EXPECT_FALSE(is_known());
}

TEST_F(RouteArpTest, other_sizes_and_types) {
  const std::string good = make(Arp{});
  for (std::size_t length = 0; length < 42; ++length) {
    dropped(good.substr(0, length), "malformed");
  }
  for (std::size_t at = 14; at < 20; ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string frame = good;
      frame[at] = static_cast<char>(frame[at] ^ 1 << bit);
      dropped(frame, "arp refused");
    }
  }
}

TEST_F(RouteArpTest, questions_of_many_hosts_are_bounded) {
  for (unsigned i = 0; i < 5'000; ++i) {
    const std::uint32_t from = ip(18, 2 + i % 200);
    EXPECT_EQ(from0(make(Arp{.from_mac = mac(static_cast<int>(i % 200)), .from = from})).size(),
              1u);
  }
  EXPECT_EQ(count("arp answered"), 5'000u);
}

TEST_F(RouteArpTest, a_scan_asks_each_address_once_a_second) {
  std::map<std::string, int> asked;
  for (int round = 0; round < 3; ++round) {
    for (unsigned last = 2; last < 255; ++last) {
      Ip one = packet();
      one.to = ip(19, last);
      for (const std::string& out : from0(make(one))) ++asked[out];
    }
    host::advance(200_ms);
  }
  EXPECT_EQ(count("waiting"), kWaiting);
  EXPECT_LE(asked.size(), 253u);
  for (const auto& [frame, times] : asked) EXPECT_EQ(times, 1);
}

TEST_F(RouteArpTest, a_scan_does_not_displace_who_is_known) {
  ASSERT_EQ(configure(kKinds,
                      "r = router 198.18.0.1/24, 198.19.0.1/16\n"
                      "net0 -> r.0 -> net0; net1 -> r.1 -> net1"),
            "");
  know_hosts();
  for (unsigned i = 0; i < 20'000; ++i) {
    Ip one = packet();
    one.to = (198u << 24 | 19u << 16) + 1'000 + i;
    from0(make(one));
  }
  EXPECT_TRUE(is_known());
}

}  // namespace
}  // namespace packet_elements_test
