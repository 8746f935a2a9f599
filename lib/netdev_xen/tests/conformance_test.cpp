// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <string>

#include "cable.hpp"

namespace netdev_xen_test {
namespace {

struct Machine {
  const char* name;
  bool split = true;
  std::size_t bytes_of_a_piece = 4096;
  const char* queues = nullptr;
  bool standing = false;
};
constexpr Machine kMachines[] = {
    {"two_channels"},
    {"one_channel", false},
    {"in_pieces", true, 200},
    {"many_queues", true, 4096, "4"},
    {"standing_grants", true, 4096, nullptr, true},
    {"standing_in_pieces", false, 200, nullptr, true},
};

class Conformance : public Cable,
                    public testing::WithParamInterface<std::tuple<Machine, NamedCheck>> {};

TEST_P(Conformance, keeps) {
  const auto& [machine, check] = GetParam();
  for (const int end : {0, 1}) {
    backend(end).bytes_of_a_piece = machine.bytes_of_a_piece;
    backend(end).say("feature-split-event-channels", machine.split ? "1" : "0");
    if (machine.queues != nullptr) backend(end).say("multi-queue-max-queues", machine.queues);
  }
  standing = machine.standing;
  connect(machine.queues == nullptr ? 1 : 4);
  Subject subject = this->subject();
  check.run(subject);
  EXPECT_EQ(subject.broken_promise, nullptr)
      << subject.broken_promise << ", line " << subject.broken_line << " of the check";
}

std::string name_of(const testing::TestParamInfo<std::tuple<Machine, NamedCheck>>& test) {
  return std::string{std::get<0>(test.param).name} + "_" + std::get<1>(test.param).name;
}
INSTANTIATE_TEST_SUITE_P(Xen, Conformance,
                         testing::Combine(testing::ValuesIn(kMachines), testing::ValuesIn(kChecks)),
                         name_of);

}  // namespace
}  // namespace netdev_xen_test
