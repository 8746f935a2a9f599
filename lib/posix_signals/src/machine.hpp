// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch.hpp>
#include <atoll/posix/signal_abi.hpp>

/// What depends on the instruction set.
namespace atl::posix {

/// The registers, for a handler to see, and back what it may have changed.
void to_context(const arch::TrapFrame& frame, UserContext& context);
void from_context(const UserContext& context, arch::TrapFrame& frame);

/// Which signal `trap` is; false for none.
bool describe_fault(const arch::Trap& trap, SignalInfo& info);

/// Whether what `frame` interrupted had interrupts on.
bool had_interrupts(const arch::TrapFrame& frame);

std::uint64_t& stack_pointer(arch::TrapFrame& frame);
/// A word of a frame on a thread's stack that nobody loads back.
std::uint64_t& spare_word(arch::TrapFrame& frame);

/// Makes the return to `frame`, which arch::call_before_resume() has put on a stack that the
/// interrupted code did not run on, lead to `wanted` with its stack: at once, or by a trap
/// right above `frame` that is_resumption() knows.
void resume_elsewhere(arch::TrapFrame& frame, const arch::TrapFrame& wanted);
bool is_resumption(const arch::Trap& trap);

/// The frame of arch::call_before_resume(), for the function that it calls, whose frame
/// address is `frame_address`: its caller's frame record lies in front of it.
inline arch::TrapFrame& frame_of_caller(void* frame_address) {
  auto* const record = *static_cast<std::uint64_t**>(frame_address);
  return *reinterpret_cast<arch::TrapFrame*>(record + 2);
}

/// si_code of faults (asm-generic/siginfo.h).
enum FaultCode : int {
  kIllegalOpcode = 1,     // ILL_ILLOPC
  kDivision = 1,          // FPE_INTDIV
  kFloatingDivision = 3,  // FPE_FLTDIV
  kFloatingOverflow = 4,
  kFloatingUnderflow = 5,
  kFloatingInexact = 6,
  kFloatingInvalid = 7,
  kNotMapped = 1,      // SEGV_MAPERR
  kNotAllowed = 2,     // SEGV_ACCERR
  kMisaligned = 1,     // BUS_ADRALN
  kBreakpointHit = 1,  // TRAP_BRKPT
};

/// What is the same everywhere.
inline bool describe_common_fault(const arch::Trap& trap, SignalInfo& info) {
  info.fault.address = trap.pc.value();
  switch (trap.kind) {
    case arch::TrapKind::kPageFault:
    case arch::TrapKind::kStackOverflow:
      info.signal = kSigSegv;
      info.code = arch::Cpu::readable(trap.address) ? kNotAllowed : kNotMapped;
      info.fault.address = trap.address.value();
      return true;
    case arch::TrapKind::kUndefinedInstruction:
      info.signal = kSigIll;
      info.code = kIllegalOpcode;
      return true;
    case arch::TrapKind::kDivideError:
      info.signal = kSigFpe;
      info.code = kDivision;
      return true;
    case arch::TrapKind::kAlignment:
      info.signal = kSigBus;
      info.code = kMisaligned;
      info.fault.address = trap.address.value();
      return true;
    case arch::TrapKind::kBreakpoint:
      info.signal = kSigTrap;
      info.code = kBreakpointHit;
      return true;
    case arch::TrapKind::kProtection:
      info.signal = kSigSegv;
      info.code = kFromKernel;
      info.fault.address = 0;
      return true;
    default:
      return false;
  }
}

}  // namespace atl::posix
