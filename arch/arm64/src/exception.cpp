// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch/exception_stack.hpp>

#include "interrupt_entry.hpp"
#include "translation.hpp"
#include "trap.hpp"

namespace atl::arch {

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

// SPSR_EL1.M[0]: SP_EL1 was in use.
constexpr std::uint64_t kOnExceptionStack = 1;
// SPSR_EL1.BTYPE: the indirect branch that led to the interrupted instruction.
constexpr std::uint64_t kBranchType = 3 << 10;

VirtAddr top_of_stack_in_use() {
  const CpuLocal* local = Cpu::cpu_local_or_null();
  return exception_stacks[local == nullptr ? 0 : local->index].top();
}

// A table entry that was made valid is seen by a walk only after barriers (Arm ARM
// D8.2.6). The CPU that maps has them (publish_translations()); another one that
// comes too early faults once, and this entry is barrier enough.
bool resolved_by_retry(const TrapFrame& frame) {
  if (is_tlb_conflict(frame)) {
    Cpu::invalidate_translations(VirtAddr{}, PageCount{~std::uint64_t{0}});
    return true;
  }
  if (!is_translation_fault(frame)) return false;
  asm volatile("dsb ish\n\tisb" ::: "memory");
  return Cpu::translates(VirtAddr{frame.far});
}

bool touches_guard(const Trap& trap) {
  return trap.kind == TrapKind::kPageFault && entry_for(trap.address) == kGuardEntry;
}

}  // namespace

constinit InterruptEntry interrupt_entry = nullptr;

constinit EntryTrap entry_trap = nullptr;

namespace {

void dispatch(VectorKind vector, TrapFrame& frame) {
  if (vector == VectorKind::kInterrupt && interrupt_entry != nullptr) {
    interrupt_entry(0, frame);
    return;
  }
  Trap trap = decode_trap(frame);
  if (Cpu::cpu_local_or_null() == nullptr) {
    if (entry_trap != nullptr) entry_trap(frame, trap.name);
    Cpu::halt();
  }
  if (vector == VectorKind::kStackOverflow) {
    trap.name = "exception stack overflow";
    trap.kind = touches_guard(trap) ? TrapKind::kStackOverflow : TrapKind::kDoubleFault;
  } else if (vector == VectorKind::kSystemError) {
    trap.kind = TrapKind::kOther;
    trap.name = "SError";
  } else if (vector == VectorKind::kInterrupt) {
    trap.kind = TrapKind::kOther;
    trap.name = "interrupt without a controller";
  } else if (resolved_by_retry(frame)) {
    return;
  } else if (touches_guard(trap)) {
    trap.kind = TrapKind::kStackOverflow;
  }
  handle_trap(trap);
}

}  // namespace

// Called by vectors.S. The frame to load back: a return to a thread leaves the
// exception stack empty, also when a handler's exception is redirected there.
extern "C" TrapFrame* atoll_arm64_exception(VectorKind vector, TrapFrame& frame) {
  dispatch(vector, frame);
  if ((frame.pstate & kOnExceptionStack) != 0) return &frame;
  auto* const last = top_of_stack_in_use().as<TrapFrame>() - 1;
  if (last != &frame) *last = frame;
  return last;
}

void redirect(TrapFrame& frame, VirtAddr stack_top, void (*entry)()) {
  frame.pc = reinterpret_cast<std::uintptr_t>(entry);
  frame.sp = stack_top.value();
  frame.x[29] = 0;
  frame.x[30] = 0;
  frame.pstate &= ~(kOnExceptionStack | kBranchType);
}

VirtAddr program_counter(const TrapFrame& frame) { return VirtAddr{frame.pc}; }

}  // namespace atl::arch
