// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>

extern "C" void atoll_arm64_before_resume();

namespace atl::arch {
namespace {

// SPSR_EL1 (Arm ARM C5.2.18): interrupts masked, and the indirect branch that led to
// the interrupted instruction.
constexpr std::uint64_t kInterruptsMasked = 1 << 7;
constexpr std::uint64_t kBranchType = 3 << 10;

}  // namespace

void call_before_resume(TrapFrame& frame, void (*function)()) {
  auto* const saved = VirtAddr{frame.sp}.as<TrapFrame>() - 1;
  *saved = frame;
  frame.sp = reinterpret_cast<std::uintptr_t>(saved);
  frame.pc = reinterpret_cast<std::uintptr_t>(&atoll_arm64_before_resume);
  frame.x[19] = reinterpret_cast<std::uintptr_t>(function);
  frame.pstate = (frame.pstate | kInterruptsMasked) & ~kBranchType;
}

}  // namespace atl::arch
