// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "machine.hpp"

namespace atl::posix {
namespace {

constexpr std::uint64_t kInterruptFlag = 1 << 9;
// Carry, parity, adjust, zero, sign, trap, direction, overflow: what a handler may change
// (Intel SDM 1 §3.4.3).
constexpr std::uint64_t kOwnFlags = 0xdd5;
constexpr std::uint64_t kFlagsOfSystem = ~kOwnFlags | kInterruptFlag;

constexpr std::uint64_t kX87Error = 16;
constexpr std::uint64_t kSimdError = 19;

// MXCSR and the x87 status word have the same flags (Intel SDM 1 §10.2.3, §8.1.3).
int floating_code(std::uint32_t raised) {
  if ((raised & 1) != 0) return kFloatingInvalid;
  if ((raised & 4) != 0) return kFloatingDivision;
  if ((raised & 8) != 0) return kFloatingOverflow;
  if ((raised & 2) != 0 || (raised & 16) != 0) return kFloatingUnderflow;
  return kFloatingInexact;
}

std::uint32_t raised_by_simd() {
  std::uint32_t mxcsr = 0;
  asm volatile("stmxcsr %0" : "=m"(mxcsr));
  return mxcsr & ~(mxcsr >> 7);
}

std::uint32_t raised_by_x87() {
  std::uint16_t status = 0;
  std::uint16_t control = 0;
  asm volatile("fnstsw %0\n\tfnstcw %1" : "=m"(status), "=m"(control));
  return status & ~static_cast<std::uint32_t>(control);
}

}  // namespace

// The order of <ucontext.h>'s REG_R8 .. REG_CR2.
void to_context(const arch::TrapFrame& frame, UserContext& context) {
  context.registers = {frame.r8,  frame.r9,  frame.r10, frame.r11, frame.r12, frame.r13,
                       frame.r14, frame.r15, frame.rdi, frame.rsi, frame.rbp, frame.rbx,
                       frame.rdx, frame.rax, frame.rcx, frame.rsp, frame.rip, frame.rflags,
                       frame.cs,  0,         0,         0,         0};
}

void from_context(const UserContext& context, arch::TrapFrame& frame) {
  const auto& from = context.registers;
  frame.r8 = from[0];
  frame.r9 = from[1];
  frame.r10 = from[2];
  frame.r11 = from[3];
  frame.r12 = from[4];
  frame.r13 = from[5];
  frame.r14 = from[6];
  frame.r15 = from[7];
  frame.rdi = from[8];
  frame.rsi = from[9];
  frame.rbp = from[10];
  frame.rbx = from[11];
  frame.rdx = from[12];
  frame.rax = from[13];
  frame.rcx = from[14];
  frame.rsp = from[15];
  frame.rip = from[16];
  frame.rflags = (frame.rflags & kFlagsOfSystem) | (from[17] & kOwnFlags & ~kInterruptFlag);
}

bool describe_fault(const arch::Trap& trap, SignalInfo& info) {
  if (trap.kind != arch::TrapKind::kOther) return describe_common_fault(trap, info);
  const std::uint64_t vector = trap.frame->vector;
  if (vector != kX87Error && vector != kSimdError) return false;
  info.signal = kSigFpe;
  info.code = floating_code(vector == kSimdError ? raised_by_simd() : raised_by_x87());
  info.fault.address = trap.pc.value();
  return true;
}

bool had_interrupts(const arch::TrapFrame& frame) { return (frame.rflags & kInterruptFlag) != 0; }

// IRETQ takes the stack pointer from the frame.
void resume_elsewhere(arch::TrapFrame& frame, const arch::TrapFrame& wanted) { frame = wanted; }
bool is_resumption(const arch::Trap&) { return false; }

std::uint64_t& stack_pointer(arch::TrapFrame& frame) { return frame.rsp; }
std::uint64_t& spare_word(arch::TrapFrame& frame) { return frame.vector; }

}  // namespace atl::posix
