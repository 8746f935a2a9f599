// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "trap.hpp"

#include <gtest/gtest.h>
#include <string>

namespace {

using atl::arch::TrapFrame;
using atl::arch::TrapKind;

// ESR_EL1 for an exception class and its syndrome, as a CPU reports it (IL set).
constexpr std::uint64_t syndrome(std::uint64_t exception_class, std::uint64_t iss) {
  return exception_class << 26 | 1u << 25 | iss;
}

constexpr std::uint64_t kDataAbort = 0x25;
constexpr std::uint64_t kInstructionAbort = 0x21;
constexpr std::uint64_t kWrite = 1u << 6;

TrapFrame frame_of(std::uint64_t esr, std::uint64_t far = 0x1234) {
  TrapFrame frame{};
  frame.esr = esr;
  frame.far = far;
  frame.pc = 0xffff'ffff'8000'1000;
  frame.sp = 0xffff'ffff'8010'0000;
  frame.x[29] = 0xffff'ffff'8010'0010;
  return frame;
}

TEST(DecodeTrap, takes_places_from_the_frame) {
  TrapFrame frame = frame_of(syndrome(kDataAbort, 0x04));
  const auto trap = decode_trap(frame);
  EXPECT_EQ(trap.frame, &frame);
  EXPECT_EQ(trap.pc.value(), frame.pc);
  EXPECT_EQ(trap.sp.value(), frame.sp);
  EXPECT_EQ(trap.frame_pointer, frame.x[29]);
}

TEST(DecodeTrap, a_translation_fault_of_any_level_is_a_page_fault) {
  for (std::uint64_t level = 0; level < 4; ++level) {
    TrapFrame frame = frame_of(syndrome(kDataAbort, 0x04 + level));
    const auto trap = decode_trap(frame);
    EXPECT_EQ(trap.kind, TrapKind::kPageFault);
    EXPECT_EQ(trap.address.value(), 0x1234u);
    EXPECT_FALSE(trap.write);
    EXPECT_FALSE(trap.execute);
    EXPECT_TRUE(is_translation_fault(frame));
  }
}

TEST(DecodeTrap, a_permission_fault_of_a_store_is_a_page_fault_that_wrote) {
  TrapFrame frame = frame_of(syndrome(kDataAbort, 0x0f | kWrite));
  const auto trap = decode_trap(frame);
  EXPECT_EQ(trap.kind, TrapKind::kPageFault);
  EXPECT_TRUE(trap.write);
  EXPECT_FALSE(is_translation_fault(frame));
}

TEST(DecodeTrap, cache_maintenance_does_not_count_as_a_write) {
  TrapFrame frame = frame_of(syndrome(kDataAbort, 0x07 | kWrite | 1u << 8));
  EXPECT_FALSE(decode_trap(frame).write);
}

TEST(DecodeTrap, an_instruction_abort_executed) {
  TrapFrame frame = frame_of(syndrome(kInstructionAbort, 0x0f | kWrite));
  const auto trap = decode_trap(frame);
  EXPECT_EQ(trap.kind, TrapKind::kPageFault);
  EXPECT_TRUE(trap.execute);
  EXPECT_FALSE(trap.write);
}

TEST(DecodeTrap, external_aborts_are_not_page_faults) {
  TrapFrame frame = frame_of(syndrome(kDataAbort, 0x10));
  EXPECT_EQ(decode_trap(frame).kind, TrapKind::kOther);
  EXPECT_FALSE(is_translation_fault(frame));
}

TEST(DecodeTrap, alignment_faults_have_their_own_kind) {
  TrapFrame data = frame_of(syndrome(kDataAbort, 0x21));
  EXPECT_EQ(decode_trap(data).kind, TrapKind::kAlignment);
  TrapFrame pc = frame_of(syndrome(0x22, 0));
  EXPECT_EQ(decode_trap(pc).kind, TrapKind::kAlignment);
  EXPECT_EQ(decode_trap(pc).address.value(), 0x1234u);
  TrapFrame sp = frame_of(syndrome(0x26, 0));
  EXPECT_EQ(decode_trap(sp).kind, TrapKind::kAlignment);
}

TEST(DecodeTrap, tells_tlb_conflicts) {
  EXPECT_TRUE(is_tlb_conflict(frame_of(syndrome(kDataAbort, 0x30))));
  EXPECT_TRUE(is_tlb_conflict(frame_of(syndrome(kInstructionAbort, 0x30))));
  EXPECT_FALSE(is_tlb_conflict(frame_of(syndrome(0x00, 0x30))));
}

TEST(DecodeTrap, instructions_that_are_not_there_or_not_allowed) {
  for (const std::uint64_t exception_class : {0x00u, 0x07u, 0x18u}) {
    TrapFrame frame = frame_of(syndrome(exception_class, 0));
    EXPECT_EQ(decode_trap(frame).kind, TrapKind::kUndefinedInstruction) << exception_class;
  }
}

TEST(DecodeTrap, brk_is_a_breakpoint) {
  TrapFrame frame = frame_of(syndrome(0x3c, 7));
  EXPECT_EQ(decode_trap(frame).kind, TrapKind::kBreakpoint);
}

TEST(DecodeTrap, forged_control_flow_has_its_own_kind) {
  for (const std::uint64_t exception_class : {0x0du, 0x1cu}) {
    TrapFrame frame = frame_of(syndrome(exception_class, 2));
    EXPECT_EQ(decode_trap(frame).kind, TrapKind::kControlFlow) << exception_class;
  }
}

TEST(DecodeTrap, the_caller_of_what_is_no_code) {
  TrapFrame frame = frame_of(syndrome(kInstructionAbort, 0x04));
  frame.x[30] = 0xffff'ffff'8000'2000;
  EXPECT_EQ(decode_trap(frame).caller.value(), frame.x[30]);
  frame.esr = syndrome(kDataAbort, 0x04);
  EXPECT_EQ(decode_trap(frame).caller.value(), 0u) << "the link register may be stale";
  EXPECT_EQ(decode_trap(frame).link.value(), frame.x[30]);
}

TEST(DecodeTrap, signatures_are_taken_off) {
  using atl::arch::Cpu;
  TrapFrame frame = frame_of(syndrome(kDataAbort, 0x04));
  frame.x[30] = 0x5aff'ffff'8000'2000;
  EXPECT_EQ(decode_trap(frame).link.value(), 0xffff'ffff'8000'2000);
  EXPECT_EQ(Cpu::without_signature(0x5a7f'0000'0040'0000), 0x40'0000u);
  EXPECT_EQ(Cpu::without_signature(0), 0u);
}

TEST(DecodeTrap, every_syndrome_has_a_name) {
  for (std::uint64_t exception_class = 0; exception_class < 64; ++exception_class) {
    for (const std::uint64_t iss : {0x00u, 0x3fu, 0x30u}) {
      TrapFrame frame = frame_of(syndrome(exception_class, iss) | std::uint64_t{1} << 40);
      EXPECT_FALSE(std::string{decode_trap(frame).name}.empty());
    }
  }
}

}  // namespace
