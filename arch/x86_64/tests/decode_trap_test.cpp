// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "decode_trap.hpp"

#include <gtest/gtest.h>
#include <string>

namespace atl::arch {
namespace {

Trap decode(std::uint64_t vector, std::uint64_t error = 0, bool guard = false) {
  static TrapFrame frame;
  frame = {};
  frame.vector = vector;
  frame.error = error;
  frame.rip = 0x1111;
  frame.rsp = 0x2222;
  frame.rbp = 0x3333;
  return decode_trap(frame, VirtAddr{0x4444}, guard);
}

TEST(DecodeTrap, CarriesWhatEveryArchitectureHas) {
  const Trap trap = decode(6);
  EXPECT_EQ(trap.pc, VirtAddr{0x1111});
  EXPECT_EQ(trap.sp, VirtAddr{0x2222});
  EXPECT_EQ(trap.frame_pointer, 0x3333u);
  ASSERT_NE(trap.frame, nullptr);
  EXPECT_EQ(trap.frame->vector, 6u);
}

// Intel SDM 3A, Table 6-1.
TEST(DecodeTrap, NamesEveryVector) {
  EXPECT_EQ(std::string{decode(0).name}, "divide error");
  EXPECT_EQ(std::string{decode(2).name}, "non-maskable interrupt");
  EXPECT_EQ(std::string{decode(3).name}, "breakpoint");
  EXPECT_EQ(std::string{decode(6).name}, "invalid opcode");
  EXPECT_EQ(std::string{decode(8).name}, "double fault");
  EXPECT_EQ(std::string{decode(13).name}, "general protection");
  EXPECT_EQ(std::string{decode(14).name}, "page fault");
  EXPECT_EQ(std::string{decode(15).name}, "reserved exception");
  EXPECT_EQ(std::string{decode(16).name}, "x87 floating-point error");
  EXPECT_EQ(std::string{decode(17).name}, "alignment check");
  EXPECT_EQ(std::string{decode(18).name}, "machine check");
  EXPECT_EQ(std::string{decode(21).name}, "control protection exception");
  for (std::uint64_t vector = 22; vector < 32; ++vector) {
    EXPECT_EQ(std::string{decode(vector).name}, "reserved exception");
  }
  EXPECT_EQ(std::string{decode(~0ULL).name}, "reserved exception");
}

TEST(DecodeTrap, Kinds) {
  EXPECT_EQ(decode(0).kind, TrapKind::kDivideError);
  EXPECT_EQ(decode(1).kind, TrapKind::kOther);
  EXPECT_EQ(decode(2).kind, TrapKind::kNonMaskable);
  EXPECT_EQ(decode(3).kind, TrapKind::kBreakpoint);
  EXPECT_EQ(decode(6).kind, TrapKind::kUndefinedInstruction);
  EXPECT_EQ(decode(8).kind, TrapKind::kDoubleFault);
  EXPECT_EQ(decode(13).kind, TrapKind::kProtection);
  EXPECT_EQ(decode(14).kind, TrapKind::kPageFault);
  EXPECT_EQ(decode(17).kind, TrapKind::kAlignment);
  EXPECT_EQ(decode(18).kind, TrapKind::kOther);
  EXPECT_EQ(decode(21).kind, TrapKind::kControlFlow);
}

// Intel SDM 3A §4.7: bit 1 is a write, bit 4 an instruction fetch.
TEST(DecodeTrap, PageFaultsTellTheAccess) {
  const Trap read = decode(14, 0);
  EXPECT_EQ(read.address, VirtAddr{0x4444});
  EXPECT_FALSE(read.write);
  EXPECT_FALSE(read.execute);
  EXPECT_TRUE(decode(14, 0x3).write);
  EXPECT_FALSE(decode(14, 0x3).execute);
  EXPECT_TRUE(decode(14, 0x11).execute);
  EXPECT_FALSE(decode(14, 0x11).write);
}

TEST(DecodeTrap, OnlyPageFaultsHaveAnAddress) {
  const Trap trap = decode(13, 0x13, true);
  EXPECT_EQ(trap.address, VirtAddr{});
  EXPECT_FALSE(trap.write);
  EXPECT_FALSE(trap.execute);
  EXPECT_EQ(trap.kind, TrapKind::kProtection);
}

TEST(DecodeTrap, AGuardPageIsAStackOverflow) {
  EXPECT_EQ(decode(14, 2, true).kind, TrapKind::kStackOverflow);
  EXPECT_EQ(decode(14, 2, true).address, VirtAddr{0x4444});
}

}  // namespace
}  // namespace atl::arch
