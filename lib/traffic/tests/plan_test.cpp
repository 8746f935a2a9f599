// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/traffic/plan.hpp>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace atl;
using namespace atl::traffic;

std::string complaint_of(const std::vector<const char*>& words) {
  std::array<char, 300> room;
  TextWriter complaint{room};
  return parse_plan(words, complaint).ok() ? "fine" : std::string{complaint.view()};
}

Plan parsed(const std::vector<const char*>& words) {
  std::array<char, 300> room;
  TextWriter complaint{room};
  auto plan = parse_plan(words, complaint);
  EXPECT_TRUE(plan.ok()) << complaint.view();
  return plan.ok() ? plan.value() : Plan{};
}

TEST(TrafficPlan, every_option) {
  const Plan plan = parsed({"send=net0",
                            "count=net1",
                            "packets=10000000",
                            "seconds=3",
                            "bytes=64..1514",
                            "flows=16",
                            "rate=1000",
                            "batch=8",
                            "window=256",
                            "from=10.0.0.1",
                            "to=10.0.0.2",
                            "from-port=1000",
                            "to-port=7",
                            "from-mac=2:0:0:0:0:1",
                            "to-mac=2:0:0:0:0:2",
                            "payload=none",
                            "run=5",
                            "wait=50",
                            "progress=0",
                            "cable"});
  EXPECT_EQ(plan.send, "net0");
  EXPECT_EQ(plan.count, "net1");
  EXPECT_EQ(plan.packets, 10'000'000u);
  EXPECT_EQ(plan.duration, 3_s);
  EXPECT_EQ(plan.sizes.smallest, 64u);
  EXPECT_EQ(plan.sizes.largest, 1514u);
  EXPECT_EQ(plan.flows, 16u);
  EXPECT_EQ(plan.rate, 1000u);
  EXPECT_EQ(plan.batch, 8u);
  EXPECT_EQ(plan.window, 256u);
  EXPECT_EQ(plan.from, ipv4(10, 0, 0, 1));
  EXPECT_EQ(plan.to, ipv4(10, 0, 0, 2));
  EXPECT_EQ(plan.from_port, 1000);
  EXPECT_EQ(plan.to_port, 7);
  EXPECT_EQ(plan.from_mac->bytes[5], 1);
  EXPECT_EQ(plan.to_mac->bytes[5], 2);
  EXPECT_EQ(plan.payload, Payload::kNone);
  EXPECT_EQ(plan.run, 5u);
  EXPECT_EQ(plan.patience, 50_ms);
  EXPECT_EQ(plan.progress, 0_s);
  EXPECT_TRUE(plan.cable);
}

TEST(TrafficPlan, sizes) {
  const Sizes range = parsed({"send=a", "bytes=60..62"}).sizes;
  EXPECT_EQ(range.of(0), 60u);
  EXPECT_EQ(range.of(2), 62u);
  EXPECT_EQ(range.of(3), 60u);
  const Sizes mix = parsed({"send=a", "bytes=mix"}).sizes;
  std::array<unsigned, 1515> times{};
  for (std::uint64_t i = 0; i < 1200; ++i) ++times[mix.of(i)];
  EXPECT_EQ(times[64], 700u);
  EXPECT_EQ(times[590], 400u);
  EXPECT_EQ(times[1514], 100u);
  EXPECT_EQ(parsed({"send=a", "bytes=mix", "from=::1", "to=::2"}).sizes.of(0), 80u);
}

TEST(TrafficPlan, a_wire_is_between_two) {
  const Plan plan = parsed({"wire=net0,net1", "packets=7", "batch=1"});
  EXPECT_EQ(plan.wire[0], "net0");
  EXPECT_EQ(plan.wire[1], "net1");
}

TEST(TrafficPlan, help_wins) {
  EXPECT_TRUE(parsed({"help"}).help);
  EXPECT_TRUE(parsed({"send=a", "wire=a,b", "--help"}).help);
  static std::string said;
  show_options([](std::string_view line) { said += line; });
  for (const char* name : {"  send=", "  to-mac=", "  cable", "  progress="}) {
    EXPECT_NE(said.find(name), std::string::npos) << name;
  }
  EXPECT_EQ(said.find("..."), std::string::npos);
}

TEST(TrafficPlan, each_mistake_has_its_remedy) {
  EXPECT_EQ(complaint_of({}), "nothing to do: say send=net0 count=net1, or help");
  EXPECT_EQ(complaint_of({"speed=3"}), "speed=3: there is no such option; see help");
  EXPECT_EQ(complaint_of({"send"}), "send: send= takes an interface: send=net0");
  EXPECT_EQ(complaint_of({"send="}), "send=: send= takes an interface: send=net0");
  EXPECT_EQ(complaint_of({"send=a", "batch=0"}), "batch=0: batch= takes a number from 1 to 256");
  EXPECT_EQ(complaint_of({"send=a", "batch=257"}),
            "batch=257: batch= takes a number from 1 to 256");
  EXPECT_EQ(complaint_of({"send=a", "bytes=100..60"}),
            "bytes=100..60: bytes= takes a size, a range or mix: bytes=64, bytes=64..1514");
  EXPECT_EQ(complaint_of({"send=a", "bytes=59"}),
            "bytes= is less than such a frame has: give 60 or more");
  EXPECT_EQ(complaint_of({"send=a", "from=::1", "to=::2", "bytes=79"}),
            "bytes= is less than such a frame has: give 80 or more, as in bytes=80..1514");
  EXPECT_EQ(complaint_of({"send=a", "from=::1"}),
            "from= and to= are of two versions of IP: give both, as in from=fd00:18::1 "
            "to=fd00:19::1");
  EXPECT_EQ(complaint_of({"send=a", "bytes=80", "from=::1", "to=::2", "payload=none"}),
            "payload=none has no checksum, and IPv6 wants one: leave it out, or send IPv4");
  EXPECT_EQ(complaint_of({"send=a", "window=1"}), "window= looks at what comes back: add count=");
  EXPECT_EQ(complaint_of({"send=a", "wire=a,b"}),
            "wire= hands on what others send: leave out send= and count=");
  EXPECT_EQ(complaint_of({"count=a", "rate=5"}),
            "rate=5: it is for who sends; add send= or leave it out");
  EXPECT_EQ(complaint_of({"wire=a,b", "flows=2"}),
            "flows=2: a wire neither sends nor counts; leave it out");
  for (const char* word : {"wire=a",      "wire=a,",        "wire=,a",
                           "wire=a,a",    "flows=0",        "flows=1025",
                           "rate=0",      "packets=0",      "seconds=0",
                           "wait=0",      "progress=-1",    "to=1",
                           "to-mac=1",    "to-port=65536",  "from-port=64513",
                           "payload=all", "run=4294967296", "seconds=99999999999999",
                           "bytes=..",    "bytes=64.."}) {
    EXPECT_NE(complaint_of({"send=a", word}), "fine") << word;
  }
}

TEST(TrafficPlan, any_words_at_all) {
  constexpr std::string_view kPieces[] = {"send", "bytes", "=",  "..", "64",   "mix",  ",", "wire",
                                          "net0", ":",     "::", "to", "from", "-mac", "1", "help"};
  std::mt19937 random{4};
  for (int round = 0; round < 50'000; ++round) {
    std::string word;
    for (auto pieces = random() % 6; pieces > 0; --pieces) word += kPieces[random() % 16];
    EXPECT_FALSE(complaint_of({word.c_str()}).empty());
  }
}

}  // namespace
