// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "trap.hpp"

namespace atl::arch {
namespace {

// ESR_EL1.EC (Arm ARM D19.2.40).
enum ExceptionClass : std::uint64_t {
  kUnknown = 0x00,
  kFloatingPointAccess = 0x07,
  kBranchTarget = 0x0d,
  kIllegalState = 0x0e,
  kSupervisorCall = 0x15,
  kSystemRegister = 0x18,
  kPointerAuthentication = 0x1c,
  kInstructionAbort = 0x21,
  kPcAlignment = 0x22,
  kDataAbort = 0x25,
  kSpAlignment = 0x26,
  kFloatingPoint = 0x2c,
  kSystemError = 0x2f,
  kBreakpointInstruction = 0x3c,
};

std::uint64_t exception_class(const TrapFrame& frame) { return (frame.esr >> 26) & 0x3f; }

bool is_abort(const TrapFrame& frame) {
  const std::uint64_t ec = exception_class(frame);
  return ec == kInstructionAbort || ec == kDataAbort;
}

// IFSC and DFSC share their encoding; the low two bits are the level.
std::uint64_t fault_status(const TrapFrame& frame) { return frame.esr & 0x3f; }

constexpr std::uint64_t kLevelMask = 3;
constexpr std::uint64_t kTranslation = 0x04;
constexpr std::uint64_t kAccessFlag = 0x08;
constexpr std::uint64_t kPermission = 0x0c;
constexpr std::uint64_t kAddressSize = 0x00;
constexpr std::uint64_t kAlignment = 0x21;
constexpr std::uint64_t kTlbConflict = 0x30;

constexpr std::uint64_t kWriteNotRead = 1u << 6;
constexpr std::uint64_t kCacheMaintenance = 1u << 8;

// Tells `trap` apart by its fault status.
void decode_abort(const TrapFrame& frame, Trap& trap) {
  const std::uint64_t status = fault_status(frame);
  switch (status & ~kLevelMask) {
    case kTranslation:
    case kAccessFlag:
    case kPermission:
    case kAddressSize:
      trap.kind = TrapKind::kPageFault;
      break;
    default:
      if (status == kAlignment) trap.kind = TrapKind::kAlignment;
  }
  trap.address = VirtAddr{frame.far};
  trap.execute = exception_class(frame) == kInstructionAbort;
  if (trap.execute) trap.caller = trap.link;
  // Cache maintenance by address claims to write, whatever it does.
  trap.write =
      !trap.execute && (frame.esr & kWriteNotRead) != 0 && (frame.esr & kCacheMaintenance) == 0;
}

}  // namespace

bool is_translation_fault(const TrapFrame& frame) {
  return is_abort(frame) && (fault_status(frame) & ~kLevelMask) == kTranslation;
}

bool is_tlb_conflict(const TrapFrame& frame) {
  return is_abort(frame) && fault_status(frame) == kTlbConflict;
}

Trap decode_trap(TrapFrame& frame) {
  Trap trap{.kind = TrapKind::kOther,
            .frame = &frame,
            .pc = VirtAddr{frame.pc},
            .sp = VirtAddr{frame.sp},
            .frame_pointer = frame.x[29],
            .address = VirtAddr{},
            .caller = VirtAddr{},
            .link = VirtAddr{Cpu::without_signature(frame.x[30])},
            .write = false,
            .execute = false,
            .name = "synchronous exception"};
  switch (exception_class(frame)) {
    case kUnknown:
      trap.kind = TrapKind::kUndefinedInstruction;
      trap.name = "undefined instruction";
      break;
    case kSystemRegister:
      trap.kind = TrapKind::kUndefinedInstruction;
      trap.name = "trapped system register";
      break;
    case kFloatingPointAccess:
      trap.kind = TrapKind::kUndefinedInstruction;
      trap.name = "trapped floating point";
      break;
    case kBranchTarget:
      trap.kind = TrapKind::kControlFlow;
      trap.name = "branch target exception";
      break;
    case kPointerAuthentication:
      trap.kind = TrapKind::kControlFlow;
      trap.name = "pointer authentication failure";
      break;
    case kIllegalState:
      trap.name = "illegal execution state";
      break;
    case kSupervisorCall:
      trap.name = "supervisor call";
      break;
    case kInstructionAbort:
      trap.name = "instruction abort";
      decode_abort(frame, trap);
      break;
    case kDataAbort:
      trap.name = "data abort";
      decode_abort(frame, trap);
      break;
    case kPcAlignment:
      trap.kind = TrapKind::kAlignment;
      trap.name = "misaligned program counter";
      trap.address = VirtAddr{frame.far};
      break;
    case kSpAlignment:
      trap.kind = TrapKind::kAlignment;
      trap.name = "misaligned stack pointer";
      break;
    case kFloatingPoint:
      trap.name = "floating-point exception";
      break;
    case kSystemError:
      trap.name = "SError";
      break;
    case kBreakpointInstruction:
      trap.kind = TrapKind::kBreakpoint;
      trap.name = "breakpoint instruction";
      break;
    default:
      break;
  }
  return trap;
}

}  // namespace atl::arch
