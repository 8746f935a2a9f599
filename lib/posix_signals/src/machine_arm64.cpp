// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>

#include "machine.hpp"

// Where a thread goes on after a handler on another stack: only an exception's return loads
// all registers and the stack pointer.
extern "C" void atoll_posix_resumption();
asm(".pushsection .text.atoll_posix_resumption, \"ax\", %progbits\n"
    ".hidden atoll_posix_resumption\n"
    ".global atoll_posix_resumption\n"
    ".type atoll_posix_resumption, %function\n"
    "atoll_posix_resumption:\n"
    "\tbrk #0x5163\n"
    ".size atoll_posix_resumption, . - atoll_posix_resumption\n"
    ".popsection");

namespace atl::posix {
namespace {

// PSTATE (Arm ARM C5.2.18): N, Z, C, V are the program's.
constexpr std::uint64_t kConditions = std::uint64_t{0xf} << 28;
constexpr std::uint64_t kInterruptsMasked = 1 << 7;
// ESR_EL1 (Arm ARM D19.2.40): a trapped floating-point exception of AArch64 state, whose
// ISS has the flags of FPSR where TFV says so.
constexpr std::uint64_t kFloatingClass = 0x2c;
constexpr std::uint64_t kFlagsValid = 1 << 23;

int floating_code(std::uint64_t raised) {
  if ((raised & 1) != 0) return kFloatingInvalid;
  if ((raised & 2) != 0) return kFloatingDivision;
  if ((raised & 4) != 0) return kFloatingOverflow;
  if ((raised & 8) != 0) return kFloatingUnderflow;
  return kFloatingInexact;
}

}  // namespace

void to_context(const arch::TrapFrame& frame, UserContext& context) {
  context.fault_address = frame.far;
  std::copy(frame.x.begin(), frame.x.end(), context.registers.begin());
  context.registers[31] = frame.sp;
  context.registers[32] = frame.pc;
  context.registers[33] = frame.pstate;
}

void from_context(const UserContext& context, arch::TrapFrame& frame) {
  std::copy(context.registers.begin(), context.registers.begin() + 31, frame.x.begin());
  frame.sp = context.registers[31];
  frame.pc = context.registers[32];
  frame.pstate = (frame.pstate & ~kConditions) | (context.registers[33] & kConditions);
}

bool describe_fault(const arch::Trap& trap, SignalInfo& info) {
  if (trap.kind != arch::TrapKind::kOther) return describe_common_fault(trap, info);
  const std::uint64_t syndrome = trap.frame->esr;
  if (((syndrome >> 26) & 0x3f) != kFloatingClass) return false;
  info.signal = kSigFpe;
  info.code = (syndrome & kFlagsValid) != 0 ? floating_code(syndrome) : kFloatingInvalid;
  info.fault.address = trap.pc.value();
  return true;
}

bool had_interrupts(const arch::TrapFrame& frame) {
  return (frame.pstate & kInterruptsMasked) == 0;
}

void resume_elsewhere(arch::TrapFrame& frame, const arch::TrapFrame&) {
  frame.pc = reinterpret_cast<std::uint64_t>(&atoll_posix_resumption);
}
bool is_resumption(const arch::Trap& trap) {
  return trap.pc.value() == reinterpret_cast<std::uint64_t>(&atoll_posix_resumption);
}

std::uint64_t& stack_pointer(arch::TrapFrame& frame) { return frame.sp; }
std::uint64_t& spare_word(arch::TrapFrame& frame) { return frame.esr; }

}  // namespace atl::posix
