// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <map>

#include "../src/cpuid_rate.hpp"

namespace {

struct Leaf {
  std::uint32_t eax, ebx, ecx, edx;
};

std::uint64_t rate(const std::map<std::uint32_t, Leaf>& leaves) {
  return atl::tsc::rate_from_cpuid([&](std::uint32_t number) {
    const auto found = leaves.find(number);
    return found == leaves.end() ? Leaf{} : found->second;
  });
}

TEST(CpuidRateTest, nobody_tells) { EXPECT_EQ(rate({}), 0u); }

TEST(CpuidRateTest, the_hypervisor_knows_best) {
  EXPECT_EQ(rate({{0x4000'0010, {2'400'123, 1'000'000, 0, 0}},
                  {0x15, {2, 216, 24'000'000, 0}},
                  {0x16, {2600, 0, 0, 0}}}),
            2'400'123'000u);
}

TEST(CpuidRateTest, ratio_and_crystal) {
  EXPECT_EQ(rate({{0x15, {2, 216, 24'000'000, 0}}}), 2'592'000'000u);
  EXPECT_EQ(rate({{0x15, {2, 216, 24'000'000, 0}}, {0x16, {1234, 0, 0, 0}}}), 2'592'000'000u);
}

TEST(CpuidRateTest, ratio_without_crystal_is_the_nominal_rate) {
  EXPECT_EQ(rate({{0x15, {2, 216, 0, 0}}, {0x16, {2600, 0, 0, 0}}}), 2'600'000'000u);
  EXPECT_EQ(rate({{0x15, {2, 216, 0, 0}}, {0x16, {0xabcd'0a28, 0, 0, 0}}}), 2'600'000'000u);
}

TEST(CpuidRateTest, the_nominal_rate_alone_says_nothing_about_the_counter) {
  EXPECT_EQ(rate({{0x16, {2600, 0, 0, 0}}}), 0u);
}

TEST(CpuidRateTest, nonsense_is_not_believed) {
  EXPECT_EQ(rate({{0x4000'0010, {1, 0, 0, 0}}}), 0u);
  EXPECT_EQ(rate({{0x4000'0010, {0xffff'ffff, 0, 0, 0}}}), 0u);
  EXPECT_EQ(rate({{0x15, {1, 0xffff'ffff, 0xffff'ffff, 0}}}), 0u);
  EXPECT_EQ(rate({{0x15, {0xffff'ffff, 1, 1, 0}}}), 0u);
  EXPECT_EQ(rate({{0x15, {0, 216, 24'000'000, 0}}}), 0u);
  EXPECT_EQ(rate({{0x4000'0010, {1, 0, 0, 0}}, {0x15, {2, 216, 24'000'000, 0}}}), 2'592'000'000u);
}

}  // namespace
