// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "describe.hpp"

#include <atoll/boot_info.hpp>
#include <atoll/format.hpp>

namespace atl::trap {
namespace {

bool in_image(VirtAddr address) {
  const BootInfo& info = boot_info();
  return address >= info.image_base && address - info.image_base < info.image.size;
}

/// What an access to `address` most likely was a mistake about; null where
/// nothing fits.
const char* suspicion(const arch::Trap& trap) {
  if (trap.address.value() < kPageSize) return "null pointer";
  if (arch::Cpu::without_signature(trap.address.value()) != trap.address.value()) {
    return "no address: a forged pointer or return address";
  }
  if (in_image(trap.address)) {
    if (trap.execute) return "data is not executable";
    if (trap.write) return "code and constants are read-only";
  }
  if (trap.execute) return "not code";
  return nullptr;
}

void describe_page_fault(TextWriter& text, const arch::Trap& trap) {
  text.text("page fault: ");
  text.text(trap.execute ? "execute at 0x" : trap.write ? "write to 0x" : "read of 0x");
  text.hex(trap.address.value());
  if (const char* why = suspicion(trap); why != nullptr) {
    text.text(" (").text(why).character(')');
  }
}

}  // namespace

const char* describe(const arch::Trap& trap, std::span<char> room) {
  using Kind = arch::TrapKind;
  TextWriter text{room};
  switch (trap.kind) {
    case Kind::kPageFault:
      describe_page_fault(text, trap);
      break;
    case Kind::kStackOverflow:
      text.text("stack overflow: guard page touched at 0x").hex(trap.address.value());
      break;
    case Kind::kUndefinedInstruction:
      text.text("undefined instruction");
      break;
    case Kind::kDivideError:
      text.text("division by zero or out of range");
      break;
    case Kind::kAlignment:
      text.text("unaligned access to 0x").hex(trap.address.value());
      break;
    case Kind::kBreakpoint:
      text.text("breakpoint without a debugger");
      break;
    case Kind::kProtection:
      text.text("protection fault");
      break;
    case Kind::kDoubleFault:
      text.text("no room for an exception on its stack");
      break;
    case Kind::kNonMaskable:
      text.text("non-maskable interrupt");
      break;
    case Kind::kControlFlow:
      text.text("control flow: a jump to where no function begins, or a forged return address");
      break;
    case Kind::kOther:
      text.text("exception: ").text(trap.name);
      break;
  }
  return text.c_str();
}

}  // namespace atl::trap
