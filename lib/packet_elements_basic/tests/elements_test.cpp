// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "../../packet_elements/tests/fake_interface.hpp"
#include "../src/headers.hpp"
#include "frames.hpp"

namespace atl {
Result<void> count_element(packet_elements::Wanted& wanted);
Result<void> drop_element(packet_elements::Wanted& wanted);
Result<void> filter_element(packet_elements::Wanted& wanted);
Result<void> limit_element(packet_elements::Wanted& wanted);
Result<void> vlan_pop_element(packet_elements::Wanted& wanted);
Result<void> vlan_push_element(packet_elements::Wanted& wanted);
}  // namespace atl

namespace packet_elements_test {
namespace {

constexpr Driver kKinds[] = {{"count", count_element},       {"drop", drop_element},
                             {"filter", filter_element},     {"limit", limit_element},
                             {"vlan_pop", vlan_pop_element}, {"vlan_push", vlan_push_element}};

class Elements : public NetworkTest {
 protected:
  void begin(std::string_view text) {
    network.reset();
    net1.sent.clear();
    ASSERT_EQ(configure(kKinds, text), "") << text;
  }
  /// What comes out of net1 when those come into net0.
  std::vector<std::string> through(const std::vector<Bytes>& frames, std::uint32_t piece = 1'500) {
    net1.sent.clear();
    for (const Bytes& one : frames) {
      net0.arrive(one, piece);
      if (net0.arrived() == 32) forward();
    }
    forward();
    expect_sums();
    return net1.sent;
  }
  bool passes(const Bytes& frame, std::uint32_t piece = 1'500) {
    return through({frame}, piece) == std::vector<std::string>{frame};
  }
  std::string wrong(std::string_view text) {
    network.reset();
    return configure(kKinds, text);
  }
};

const Bytes kUdp4 = ethernet(0x0800, ip4(17, transport(17, 1'000, 53)));
const Bytes kTcp4 = ethernet(0x0800, ip4(6, transport(6, 1'000, 80)));
const Bytes kUdp6 = ethernet(0x86dd, ip6(17, transport(17, 53, 2'000)));
const Bytes kPing4 = ethernet(0x0800, ip4(1, Bytes(8, '\0')));
const Bytes kPing6 = ethernet(0x86dd, ip6(58, Bytes(8, '\0')));
const Bytes kArp = ethernet(0x0806, Bytes(46, '\0'));
const Bytes kOther = ethernet(0x88b5, Bytes(46, '\0'));
const Bytes kTagged = Bytes(12, '\2') + bytes(0x81, 0, 0x20, 10) + kUdp4.substr(12);
const std::vector<Bytes> kAll{kUdp4, kTcp4, kUdp6, kPing4, kPing6, kArp, kOther, kTagged};

TEST_F(Elements, count_and_drop) {
  begin("c = count; net0 -> c -> net1; net1 -> drop");
  EXPECT_EQ(through(kAll), kAll);
  net1.arrive(kUdp4);
  forward();
  EXPECT_EQ(counters()["c: packets"], kAll.size());
  EXPECT_EQ(counters()["c: bytes"], [] {
    std::size_t sum = 0;
    for (const Bytes& one : kAll) sum += one.size();
    return sum;
  }());
  EXPECT_EQ(counters()["drop 1: unwanted"], 1u);
  expect_sums();
}

struct Passing {
  const char* rules;
  std::vector<Bytes> frames;
};

TEST_F(Elements, rules_pass_what_they_allow) {
  const Passing all[] = {
      {"allow", kAll},
      {"deny", {}},
      {"allow arp", {kArp}},
      {"allow udp", {kUdp4, kUdp6, kTagged}},
      {"allow ip4 udp", {kUdp4, kTagged}},
      {"allow tcp", {kTcp4}},
      {"allow icmp, allow icmp6", {kPing4, kPing6}},
      {"allow ip6", {kUdp6, kPing6}},
      {"allow type 0x88b5", {kOther}},
      {"allow vlan 10", {kTagged}},
      {"deny vlan 10, allow ip4", {kUdp4, kTcp4, kPing4}},
      {"allow vlan 11", {}},
      {"allow from 10.0.0.0/8 to 10.0.0.2", {kUdp4, kTcp4, kPing4, kTagged}},
      {"allow from 10.0.0.2", {}},
      {"allow from fd00::/8", {kUdp6, kPing6}},
      {"allow to fd00::2 udp", {kUdp6}},
      {"allow from ::/0", {kUdp6, kPing6}},
      {"allow from 0.0.0.0/0", {kUdp4, kTcp4, kPing4, kTagged}},
      {"allow port 53", {kUdp4, kUdp6, kTagged}},
      {"allow to_port 53", {kUdp4, kTagged}},
      {"allow from_port 53", {kUdp6}},
      {"allow to_port 53-80", {kUdp4, kTcp4, kTagged}},
      {"deny tcp, deny udp port 53, allow", {kPing4, kPing6, kArp, kOther}},
  };
  for (const Passing& one : all) {
    begin("net0 -> filter " + std::string{one.rules} + " -> net1");
    EXPECT_EQ(through(kAll), one.frames) << one.rules;
    // However their buffers are split.
    for (const std::uint32_t piece : {1u, 7u, 13u, 20u, 41u}) {
      EXPECT_EQ(through(kAll, piece), one.frames) << one.rules << ", in pieces of " << piece;
    }
  }
}

TEST_F(Elements, each_rule_has_its_counter) {
  begin("net0 -> filter deny tcp, allow udp -> net1");
  through(kAll);
  through({Bytes(10, 'x')});
  EXPECT_EQ(counters()["filter 1: by rule 1"], 1u);
  EXPECT_EQ(counters()["filter 1: by rule 2"], 3u);
  EXPECT_EQ(counters()["filter 1: by no rule"], 4u);
  EXPECT_EQ(counters()["filter 1: malformed"], 1u);
  EXPECT_EQ(counters().dropped, 6u);
}

TEST_F(Elements, what_is_malformed_passes_no_rule) {
  begin("net0 -> filter allow -> net1");
  for (const Bytes& whole : {kUdp4, kTcp4, kUdp6, kTagged}) {
    for (std::size_t length = 0; length < whole.size(); ++length) {
      EXPECT_FALSE(passes(whole.substr(0, length))) << length;
    }
    EXPECT_TRUE(passes(whole + Bytes(20, '\0'))) << "padding";
  }
  for (const std::size_t length : {1'514u, 9'000u, 65'535u}) {
    EXPECT_TRUE(passes(kOther + Bytes(length - kOther.size(), 'x')));
  }
}

TEST_F(Elements, wrong_rules) {
  EXPECT_EQ(wrong("net0 -> filter -> net1"), "1:16 a rule begins with `allow` or `deny`, not ``");
  EXPECT_EQ(wrong("net0 -> filter permit udp -> net1"),
            "1:16 a rule begins with `allow` or `deny`, not `permit`");
  EXPECT_EQ(wrong("net0 -> filter allow udp, -> net1").substr(0, 50),
            "1:27 a rule begins with `allow` or `deny`, not ``");
  EXPECT_EQ(wrong("net0 -> filter allow sctp -> net1").substr(0, 35),
            "1:22 `sctp` is no condition; there ");
  EXPECT_EQ(wrong("net0 -> filter allow port 80-53 -> net1"),
            "1:27 ports are a number as 53, or two as 1024-65535, not `80-53`");
  EXPECT_EQ(wrong("net0 -> filter allow from 10.0.0.1/8 -> net1").substr(0, 22),
            "1:27 addresses are one");
  EXPECT_EQ(wrong("net0 -> filter allow vlan 4095 -> net1"),
            "1:27 a VLAN is a number from 0 to 4094, not `4095`");
  EXPECT_EQ(wrong("net0 -> filter allow port 1 to_port 2 -> net1").substr(0, 34),
            "1:37 `port` is either port: it goe");
  std::string many = "net0 -> filter allow";
  for (int i = 0; i < 32; ++i) many += ", allow";
  EXPECT_NE(wrong(many + " -> net1").find("a filter has at most 32 rules"), std::string::npos);
}

TEST_F(Elements, a_limit_passes_its_rate) {
  begin("net0 -> limit 100 burst 10 -> net1");
  const std::vector<Bytes> many(200, kUdp4);
  EXPECT_EQ(through(many).size(), 10u) << "the burst";
  host::advance(100_ms);
  EXPECT_EQ(through(many).size(), 10u);
  host::advance(9_ms);
  EXPECT_EQ(through(many).size(), 0u);
  host::advance(1_ms);
  EXPECT_EQ(through(many).size(), 1u) << "what was earned before is kept";
  host::advance(3'600_s);
  EXPECT_EQ(through(many).size(), 10u) << "no more than the burst";
  EXPECT_EQ(counters()["limit 1: passed"], 31u);
  EXPECT_EQ(counters()["limit 1: too many"], 969u);
}

TEST_F(Elements, a_limit_of_bytes) {
  begin("net0 -> limit 1000 bytes burst 65553 -> net1");
  const Bytes large = kOther + Bytes(1'000 - kOther.size(), 'x');
  EXPECT_EQ(through(std::vector<Bytes>(70, large)).size(), 65u);
  host::advance(1_s);
  EXPECT_EQ(through({large, large}).size(), 1u);
}

TEST_F(Elements, the_fastest_limit_does_not_overflow) {
  begin("net0 -> limit 1000000000 burst 1000000000 -> net1");
  for (const Nanoseconds pause : {1_ns, 1_s, 100'000'000_s}) {
    host::advance(pause);
    EXPECT_EQ(through(std::vector<Bytes>(100, kUdp4)).size(), 100u);
  }
  begin("net0 -> limit 1 burst 1000000000 -> net1");
  host::advance(100'000'000_s);
  EXPECT_EQ(through(std::vector<Bytes>(100, kUdp4)).size(), 100u);
}

TEST_F(Elements, tags_are_pushed_and_popped) {
  const Bytes tagged = kUdp4.substr(0, 12) + bytes(0x81, 0, 0xa0, 10) + kUdp4.substr(12);
  for (const std::uint32_t piece : {1'500u, 1u, 5u, 12u, 13u, 15u}) {
    begin("net0 -> vlan_push 10 priority 5 -> net1");
    EXPECT_EQ(through({kUdp4}, piece), std::vector<std::string>{tagged}) << piece;
    begin("net0 -> vlan_pop 10 -> net1");
    EXPECT_EQ(through({tagged}, piece), std::vector<std::string>{kUdp4}) << piece;
    begin("net0 -> vlan_push 10 -> vlan_push 20 -> vlan_pop 20 -> vlan_pop 10 -> net1");
    EXPECT_EQ(through(kAll, piece), kAll);
  }
}

TEST_F(Elements, only_frames_of_the_network_are_untagged) {
  begin("net0 -> vlan_pop 11 -> net1");
  EXPECT_EQ(through(kAll).size(), 0u);
  for (std::size_t length = 0; length <= 16; ++length) through({kTagged.substr(0, length)});
  EXPECT_EQ(counters()["vlan_pop 1: of other networks"], kAll.size() + 17);
}

TEST_F(Elements, what_has_no_addresses_gets_no_tag) {
  begin("net0 -> vlan_push 10 -> net1");
  for (std::size_t length = 0; length < 12; ++length) {
    EXPECT_EQ(through({Bytes(length, 'x')}, 3).size(), 0u);
  }
  EXPECT_EQ(counters()["vlan_push 1: no place for a tag"], 12u);
  // Sixteen tags fit into the headroom.
  std::string text = "net0";
  for (int i = 0; i < 17; ++i) text += " -> vlan_push 10";
  begin(text + " -> net1");
  EXPECT_EQ(through({kUdp4}).size(), 0u);
  EXPECT_EQ(counters().dropped, 1u);
}

}  // namespace
}  // namespace packet_elements_test
