// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch/exception_stack.hpp>

#include "trap.hpp"

namespace atoll::arch {

// Not zeroed at boot: the entry runs on it.
[[gnu::section(".bss.atoll_not_zeroed")]] std::array<ExceptionStack, kMaxCpus> exception_stacks;

namespace {

// The assembly of vectors.S knows the values.
enum class VectorKind : std::uint32_t {
  kSynchronous = 0,
  kInterrupt = 1,
  kSystemError = 2,
  kStackOverflow = 3,
};

// A table entry that was made valid is seen by a walk only after barriers
// (Arm ARM D8.2.6), which mapping does not pay for: whoever comes too early
// faults once, and this entry is barrier enough.
bool resolved_by_retry(const TrapFrame& frame) {
  if (is_tlb_conflict(frame)) {
    Cpu::invalidate_translations(VirtAddr{}, PageCount{~std::uint64_t{0}});
    return true;
  }
  if (!is_translation_fault(frame)) return false;
  asm volatile("dsb ish\n\tisb" ::: "memory");
  return Cpu::translates(VirtAddr{frame.far});
}

}  // namespace

EntryTrap entry_trap = nullptr;

extern "C" void atoll_arm64_exception(VectorKind vector, TrapFrame& frame) {
  if (vector == VectorKind::kInterrupt) {
    handle_interrupt(0, frame);
    return;
  }
  Trap trap = decode_trap(frame);
  if (Cpu::cpu_local_or_null() == nullptr) {
    entry_trap(frame, trap.name);
    Cpu::halt();
  }
  if (vector == VectorKind::kStackOverflow) {
    trap.kind = TrapKind::kDoubleFault;
    trap.name = "exception stack overflow";
  } else if (vector == VectorKind::kSystemError) {
    trap.name = "SError";
  } else if (resolved_by_retry(frame)) {
    return;
  }
  handle_trap(trap);
}

VirtAddr program_counter(const TrapFrame& frame) { return VirtAddr{frame.pc}; }

}  // namespace atoll::arch
