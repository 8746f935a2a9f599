// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <atoll/boot_info.hpp>

#include <array>
#include <string>

#include "describe.hpp"

namespace {

constexpr std::uint64_t kImage = 0xffffffff80000000;
atl::BootInfo info;

}  // namespace

namespace atl {
const BootInfo& boot_info() { return info; }
}  // namespace atl

namespace {

using namespace atl;
using arch::Trap;
using arch::TrapKind;

enum class Access { kRead, kWrite, kExecute };

std::string text_of(TrapKind kind, std::uint64_t address, Access access = Access::kRead) {
  info.image_base = VirtAddr{kImage};
  info.image.size = 0x10000;
  Trap trap{};
  trap.kind = kind;
  trap.address = VirtAddr{address};
  trap.write = access == Access::kWrite;
  trap.execute = access == Access::kExecute;
  trap.name = "some fault";
  std::array<char, trap::kDescriptionBytes> room;
  return trap::describe(trap, room);
}

TEST(DescribeTest, page_faults_say_what_they_most_likely_mean) {
  constexpr auto kFault = TrapKind::kPageFault;
  EXPECT_EQ(text_of(kFault, 0, Access::kWrite), "page fault: write to 0x0 (null pointer)");
  EXPECT_EQ(text_of(kFault, 0xfff), "page fault: read of 0xfff (null pointer)");
  EXPECT_EQ(text_of(kFault, 0, Access::kExecute), "page fault: execute at 0x0 (null pointer)");
  EXPECT_EQ(text_of(kFault, 0x1000), "page fault: read of 0x1000");
  EXPECT_EQ(text_of(kFault, kImage + 0x100, Access::kWrite),
            "page fault: write to 0xffffffff80000100 (code and constants are read-only)");
  EXPECT_EQ(text_of(kFault, kImage + 0x100, Access::kExecute),
            "page fault: execute at 0xffffffff80000100 (data is not executable)");
  EXPECT_EQ(text_of(kFault, kImage + 0x10000, Access::kWrite),
            "page fault: write to 0xffffffff80010000");
  EXPECT_EQ(text_of(kFault, 0xffff800000000000, Access::kExecute),
            "page fault: execute at 0xffff800000000000 (not code)");
}

TEST(DescribeTest, every_kind_has_a_text) {
  for (int kind = 0; kind <= static_cast<int>(TrapKind::kOther); ++kind) {
    EXPECT_GT(text_of(static_cast<TrapKind>(kind), 0).size(), 5u) << kind;
  }
  EXPECT_EQ(text_of(TrapKind::kOther, 0), "exception: some fault");
  EXPECT_EQ(text_of(TrapKind::kStackOverflow, 0x123),
            "stack overflow: guard page touched at 0x123");
  EXPECT_EQ(text_of(TrapKind::kDoubleFault, 0), "no room for an exception on its stack");
  EXPECT_EQ(text_of(TrapKind::kControlFlow, 0),
            "control flow: a jump to where no function begins, or a forged return address");
}

}  // namespace
