// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "trap.hpp"

#include <array>

namespace atl::arch {
namespace {

struct ExceptionClass {
  std::uint8_t number;
  TrapKind kind;
  char name[31];  // not a pointer, which would cost a relocation
};

constexpr std::uint8_t kInstructionAbort = 0x21;
constexpr std::uint8_t kPcAlignment = 0x22;
constexpr std::uint8_t kDataAbort = 0x25;

// ESR_EL1.EC (Arm ARM D19.2.40); the last one stands for all others.
constexpr auto kClasses = std::to_array<ExceptionClass>({
    {0x00, TrapKind::kUndefinedInstruction, "undefined instruction"},
    {0x07, TrapKind::kUndefinedInstruction, "trapped floating point"},
    {0x0d, TrapKind::kControlFlow, "branch target exception"},
    {0x0e, TrapKind::kOther, "illegal execution state"},
    {0x15, TrapKind::kOther, "supervisor call"},
    {0x18, TrapKind::kUndefinedInstruction, "trapped system register"},
    {0x1c, TrapKind::kControlFlow, "pointer authentication failure"},
    {kInstructionAbort, TrapKind::kOther, "instruction abort"},
    {kPcAlignment, TrapKind::kAlignment, "misaligned program counter"},
    {kDataAbort, TrapKind::kOther, "data abort"},
    {0x26, TrapKind::kAlignment, "misaligned stack pointer"},
    {0x2c, TrapKind::kOther, "floating-point exception"},
    {0x2f, TrapKind::kOther, "SError"},
    {0x3c, TrapKind::kBreakpoint, "breakpoint instruction"},
    {0xff, TrapKind::kOther, "synchronous exception"},
});

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
  const std::uint64_t number = exception_class(frame);
  const ExceptionClass* found = kClasses.begin();
  while (found->number != number && found != &kClasses.back()) ++found;
  Trap trap{.kind = found->kind,
            .frame = &frame,
            .pc = VirtAddr{frame.pc},
            .sp = VirtAddr{frame.sp},
            .frame_pointer = frame.x[29],
            .address = VirtAddr{},
            .caller = VirtAddr{},
            .link = VirtAddr{Cpu::without_signature(frame.x[30])},
            .write = false,
            .execute = false,
            .name = found->name};
  if (is_abort(frame)) decode_abort(frame, trap);
  if (number == kPcAlignment) trap.address = VirtAddr{frame.far};
  return trap;
}

}  // namespace atl::arch
