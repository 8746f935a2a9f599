// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "../../packet_elements/tests/fake_interface.hpp"

namespace atl {
Result<void> switch_element(packet_elements::Wanted& wanted);
}  // namespace atl

namespace packet_elements_test {
namespace {

constexpr Driver kKinds[] = {{"switch", switch_element}};

class SwitchTest : public NetworkTest {
 protected:
  SwitchTest() {
    EXPECT_EQ(configure(kKinds,
                        "s = switch 3; net0 -> s.0 -> net0; net1 -> s.1 -> net1; "
                        "net2 -> s.2 -> net2"),
              "");
  }
  /// A frame from one station to another; 0xff is everybody.
  static std::string between(int from, int to) {
    std::string frame(60, '\0');
    const std::string receiver = to == 0xff ? std::string(6, '\xff') : address(to);
    return frame.replace(0, 6, receiver).replace(6, 6, address(from));
  }
  static std::string address(int station) {
    return std::string{"\2\0\0\0\0", 5} + static_cast<char>(station);
  }
  /// How many come out of net0, net1 and net2.
  std::array<std::size_t, 3> from(FakeInterface& device, const std::string& frame,
                                  std::uint32_t piece = 1'500) {
    for (FakeInterface* const one : {&net0, &net1, &net2}) one->sent.clear();
    device.arrive(frame, piece);
    forward();
    expect_sums();
    return {net0.sent.size(), net1.sent.size(), net2.sent.size()};
  }
  using Out = std::array<std::size_t, 3>;
};

TEST_F(SwitchTest, what_is_for_all_goes_everywhere_else) {
  EXPECT_EQ(from(net0, between(1, 0xff)), (Out{0, 1, 1}));
  EXPECT_EQ(from(net2, between(3, 0xff)), (Out{1, 1, 0}));
  EXPECT_EQ(counters()["s: copies"], 2u);
}

TEST_F(SwitchTest, what_it_has_learned_goes_to_one_place) {
  EXPECT_EQ(from(net0, between(1, 2)), (Out{0, 1, 1})) << "nobody knows 2";
  EXPECT_EQ(from(net1, between(2, 1), 5), (Out{1, 0, 0}));
  EXPECT_EQ(from(net0, between(1, 2), 1), (Out{0, 1, 0}));
  EXPECT_EQ(from(net1, between(4, 2)), (Out{0, 0, 0})) << "it is behind the same one";
  EXPECT_EQ(counters()["s: at home"], 1u);
  EXPECT_EQ(from(net2, between(2, 1)), (Out{1, 0, 0})) << "it has moved";
  EXPECT_EQ(from(net0, between(1, 2)), (Out{0, 0, 1}));
}

TEST_F(SwitchTest, it_forgets) {
  from(net1, between(2, 1));
  host::advance(299_s);
  EXPECT_EQ(from(net0, between(1, 2)), (Out{0, 1, 0}));
  host::advance(1_s);
  EXPECT_EQ(from(net0, between(1, 2)), (Out{0, 1, 1}));
}

TEST_F(SwitchTest, a_group_is_no_sender) {
  std::string frame = between(1, 2);
  frame[6] = 3;
  from(net1, frame);
  std::string back = between(5, 1);
  back.replace(0, 6, frame.substr(6, 6));
  EXPECT_EQ(from(net0, back), (Out{0, 1, 1}));
}

TEST_F(SwitchTest, what_is_no_frame_is_dropped) {
  for (std::size_t length = 0; length < 14; ++length) {
    EXPECT_EQ(from(net0, std::string(length, 'x')), (Out{0, 0, 0}));
  }
  EXPECT_EQ(counters()["s: malformed"], 14u);
}

TEST_F(SwitchTest, packets_of_a_batch_go_their_ways_in_order) {
  from(net1, between(2, 0xff));
  from(net2, between(3, 0xff));
  for (FakeInterface* const one : {&net0, &net1, &net2}) one->sent.clear();
  std::vector<std::string> to1, to2;
  for (int i = 0; i < 96; ++i) {
    std::string frame = between(1, i % 5 == 0 ? 0xff : 2 + i % 2);
    frame[50] = static_cast<char>(i);
    net0.arrive(frame);
    if (i % 5 == 0 || i % 2 == 0) to1.push_back(frame);
    if (i % 5 == 0 || i % 2 == 1) to2.push_back(frame);
  }
  forward();
  EXPECT_EQ(net1.sent, to1);
  EXPECT_EQ(net2.sent, to2);
  expect_sums();
}

}  // namespace
}  // namespace packet_elements_test
