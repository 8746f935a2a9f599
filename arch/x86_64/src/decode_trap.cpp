// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "decode_trap.hpp"

namespace atl::arch {

namespace {

// Intel SDM 3A §6.3.1, Table 6-1.
constexpr std::uint64_t kDivideError = 0;
constexpr std::uint64_t kNonMaskable = 2;
constexpr std::uint64_t kBreakpoint = 3;
constexpr std::uint64_t kInvalidOpcode = 6;
constexpr std::uint64_t kDoubleFault = 8;
constexpr std::uint64_t kGeneralProtection = 13;
constexpr std::uint64_t kPageFault = 14;
constexpr std::uint64_t kAlignmentCheck = 17;
constexpr std::uint64_t kControlProtection = 21;

// The error code of a page fault (Intel SDM 3A §4.7).
constexpr std::uint64_t kErrorWrite = 1 << 1;
constexpr std::uint64_t kErrorFetch = 1 << 4;

/// One text for all names: a table of pointers would cost a relocation each.
constexpr char kNames[] =
    "divide error\0debug exception\0non-maskable interrupt\0breakpoint\0overflow\0"
    "bound range exceeded\0invalid opcode\0device not available\0double fault\0"
    "coprocessor segment overrun\0invalid TSS\0segment not present\0stack-segment fault\0"
    "general protection\0page fault\0reserved exception\0x87 floating-point error\0"
    "alignment check\0machine check\0SIMD floating-point exception\0"
    "virtualization exception\0control protection exception\0reserved exception\0";
constexpr std::uint64_t kNamed = 22;

const char* name_of(std::uint64_t vector) {
  const char* name = kNames;
  for (std::uint64_t i = vector < kNamed ? vector : kNamed; i > 0; --i) {
    while (*name++ != 0) {
    }
  }
  return name;
}

TrapKind kind_of(std::uint64_t vector) {
  switch (vector) {
    case kDivideError:
      return TrapKind::kDivideError;
    case kNonMaskable:
      return TrapKind::kNonMaskable;
    case kBreakpoint:
      return TrapKind::kBreakpoint;
    case kInvalidOpcode:
      return TrapKind::kUndefinedInstruction;
    case kDoubleFault:
      return TrapKind::kDoubleFault;
    case kGeneralProtection:
      return TrapKind::kProtection;
    case kPageFault:
      return TrapKind::kPageFault;
    case kAlignmentCheck:
      return TrapKind::kAlignment;
    case kControlProtection:
      return TrapKind::kControlFlow;
    default:
      return TrapKind::kOther;
  }
}

}  // namespace

Trap decode_trap(TrapFrame& frame, VirtAddr fault_address, bool guard) {
  Trap trap{.kind = kind_of(frame.vector),
            .frame = &frame,
            .pc = VirtAddr{frame.rip},
            .sp = VirtAddr{frame.rsp},
            .frame_pointer = static_cast<std::uintptr_t>(frame.rbp),
            .address = {},
            .caller = {},
            .link = {},
            .write = false,
            .execute = false,
            .name = name_of(frame.vector)};
  if (trap.kind == TrapKind::kPageFault) {
    trap.address = fault_address;
    trap.write = (frame.error & kErrorWrite) != 0;
    trap.execute = (frame.error & kErrorFetch) != 0;
    if (guard) trap.kind = TrapKind::kStackOverflow;
  }
  return trap;
}

}  // namespace atl::arch
