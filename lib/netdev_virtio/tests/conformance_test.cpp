// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <string>

#include "cable.hpp"

namespace netdev_virtio_test {
namespace {

struct Machine {
  const char* name;
  std::uint64_t features;
  std::size_t bytes_of_a_buffer = 4096;
  std::uint16_t queues = 1;
};
constexpr Machine kMachines[] = {
    {"plain", kBasic},
    {"event_index", kBasic | atl::virtio::feature::kEventIndex},
    {"mergeable", kBasic | feature::kMergeable | atl::virtio::feature::kEventIndex},
    {"merged", kBasic | feature::kMergeable | atl::virtio::feature::kEventIndex, 200},
    {"no_status", feature::kMac},
    {"two_queues", kBasic, 4096, 2},
    {"three_queues", kBasic | feature::kMergeable | atl::virtio::feature::kEventIndex, 4096, 3},
};

template <typename Virtqueue>
class Conformance : public Cable<Virtqueue>,
                    public testing::WithParamInterface<std::tuple<Machine, NamedCheck>> {
 protected:
  void run() {
    const auto& [machine, check] = this->GetParam();
    this->most_pairs = machine.queues;
    this->connect(machine.features);
    this->left_device().bytes_of_a_buffer = machine.bytes_of_a_buffer;
    this->right_device().bytes_of_a_buffer = machine.bytes_of_a_buffer;
    Subject subject = this->subject();
    check.run(subject);
    EXPECT_EQ(subject.broken_promise, nullptr)
        << subject.broken_promise << ", line " << subject.broken_line << " of the check";
    EXPECT_EQ(this->pool->statistics().free, 320u) << "buffers were lost";
  }
};

std::string name_of(const testing::TestParamInfo<std::tuple<Machine, NamedCheck>>& test) {
  return std::string{std::get<0>(test.param).name} + "_" + std::get<1>(test.param).name;
}
const auto kAll = testing::Combine(testing::ValuesIn(kMachines), testing::ValuesIn(kChecks));

using SplitConformance = Conformance<SplitDevice>;
TEST_P(SplitConformance, keeps) { run(); }
INSTANTIATE_TEST_SUITE_P(Split, SplitConformance, kAll, name_of);

using PackedConformance = Conformance<PackedDevice>;
TEST_P(PackedConformance, keeps) { run(); }
INSTANTIATE_TEST_SUITE_P(Packed, PackedConformance, kAll, name_of);

}  // namespace
}  // namespace netdev_virtio_test
