// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "route_test.hpp"

namespace packet_elements_test {
namespace {

class ReadRouterTest : public NetworkTest {
 protected:
  /// What is said of one with two ports.
  std::string said(const std::string& words) {
    return configure(kKinds, "r = router " + words + "; net0 -> r.0 -> net0; net1 -> r.1 -> net1");
  }
  static constexpr const char* kTwo = "198.18.0.1/24, 198.19.0.1/24, ";
};

TEST_F(ReadRouterTest, what_a_router_may_be) {
  for (const std::string words :
       {"10.0.0.1/31, 10.0.0.2/31", "10.0.0.1/8, 11.0.0.1/30, 0.0.0.0/0 via 11.0.0.2",
        "10.0.0.1/8,\n 11.0.0.1/16,\n 12.0.0.0/8 via 11.0.255.254, 10.0.0.7/32 via 11.0.0.9"}) {
    EXPECT_EQ(said(words), "") << words;
  }
  EXPECT_EQ(configure(kKinds, "net0 -> router 10.0.0.1/8 -> net0"), "");
}

TEST_F(ReadRouterTest, addresses_that_are_none) {
  for (const std::string word : {"198.18.0.1", "198.18.0.1/33", "198.18.0/24", "198.18.0.01/24",
                                 "fd00::1/64", "x", "198.18.0.1/"}) {
    EXPECT_EQ(said(word + ", 198.19.0.1/24"),
              "1:12 addresses are 198.18.0.2/24 here, not `" + word + "`");
  }
  EXPECT_EQ(said(""), "1:12 addresses are 198.18.0.2/24 here, not ``");
  for (const std::string word : {"198.18.0.0/24", "198.18.0.255/24", "127.0.0.1/8", "224.0.0.1/24",
                                 "0.0.0.1/8", "255.255.255.255/32", "0.0.0.0/0"}) {
    EXPECT_EQ(said(word + ", 198.19.0.1/24"),
              "1:12 `" + word + "` is no host's address in its network");
  }
  for (const std::string word : {"198.18.0.7/24", "198.18.0.130/25", "198.0.0.1/8"}) {
    EXPECT_EQ(said("198.18.0.1/24, " + word),
              "1:27 `" + word + "` is in a network that another address here has");
  }
}

TEST_F(ReadRouterTest, routes_that_are_none) {
  const auto route = [&](const std::string& words) { return said(kTwo + words); };
  EXPECT_EQ(route("10.0.0.1/8 via 198.18.0.2"),
            "1:42 `10.0.0.1/8` has bits behind its prefix: a route is to all of a network");
  EXPECT_EQ(route("10.0.0.0/8 via"), "1:56 addresses are 198.18.0.2 here, not ``");
  EXPECT_EQ(route("10.0.0.0/8 via 198.18.0.2/24"),
            "1:57 addresses are 198.18.0.2 here, not `198.18.0.2/24`");
  EXPECT_EQ(route("10.0.0.0/8 via 198.20.0.2"),
            "1:57 `198.20.0.2` is in no network whose address stands in front");
  EXPECT_EQ(route("10.0.0.0/8 via 198.18.0.1"),
            "1:57 `198.18.0.1` is the router itself: a route leads to another one");
  EXPECT_EQ(route("10.0.0.0/8 via 198.18.0.255"),
            "1:57 `198.18.0.255` is no host's address in its network");
  EXPECT_EQ(route("198.18.0.0/24 via 198.18.0.2"),
            "1:42 there is a route to `198.18.0.0/24` already");
  EXPECT_EQ(route("10.0.0.0/8 via 198.18.0.2, 10.0.0.0/8 via 198.18.0.3"),
            "1:69 there is a route to `10.0.0.0/8` already");
  EXPECT_EQ(route("10.0.0.0/8 by 198.18.0.2"),
            "1:42 `10.0.0.0/8` is no host's address in its network");
}

TEST_F(ReadRouterTest, too_many) {
  std::string words = "10.0.0.1/24";
  for (int i = 1; i < 9; ++i) words += ", 10.0." + std::to_string(i) + ".1/24";
  EXPECT_EQ(said(words), "1:116 a router has at most 8 addresses");
  words = "10.0.0.1/24, 10.0.1.1/24";
  for (int i = 0; i < 32; ++i) words += ", 11." + std::to_string(i) + ".0.0/16 via 10.0.0.2";
  EXPECT_EQ(said(words), "");
  EXPECT_NE(said(words + ", 12.0.0.0/8 via 10.0.0.2").find(" a router has at most 32 routes"),
            std::string::npos);
}

class Sink final : public Element {
 public:
  Sink() : Element({.inputs = 1, .outputs = 0}) {}

 private:
  void do_push(std::uint16_t, PacketBatch& batch) override { batch.clear(); }
  void do_report(Counters&) const override {}
  void do_destroy() override { destroy_in(default_allocator(), *this); }
};
Result<void> sink(Wanted& wanted) { return wanted.make<Sink>(); }

TEST_F(ReadRouterTest, an_output_leads_to_an_interface_in_the_end) {
  constexpr Driver kinds[] = {{"router", router_element}, {"sink", sink}};
  const std::string begin = "r = router 10.0.0.1/24, 10.0.1.1/24; net0 -> r.0 -> net0; ";
  EXPECT_EQ(configure(kinds, begin + "net1 -> r.1 -> router 10.0.2.1/24 -> net1"), "");
  EXPECT_EQ(configure(kinds, begin + "net1 -> r.1 -> sink"),
            "1:5 `r` cannot work with what it leads to");
}

}  // namespace
}  // namespace packet_elements_test
