// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch.hpp>
#include <atoll/config/lock.hpp>

namespace atl {

namespace detail {

/// restore_interrupts(state), and where that unmasks them: gives the CPU to a thread
/// that the scheduler has come to prefer meanwhile.
inline void unmask_interrupts(arch::Cpu::InterruptState state) {
  if constexpr (config::lock::kPreemption) {
    const auto reschedule = arch::Cpu::cpu_local().reschedule;
    arch::Cpu::restore_interrupts(state);
    if (reschedule != nullptr && arch::Cpu::allows_interrupts(state)) reschedule(nullptr);
  } else {
    arch::Cpu::restore_interrupts(state);
  }
}

}  // namespace detail

/// Masks interrupts on this CPU for a scope, in which a thread keeps the CPU too.
/// Nestable; any context. Where what it does is to wake a thread, that may run before
/// the scope has been left for long.
class [[nodiscard]] InterruptMask {
 public:
  InterruptMask() : state_(arch::Cpu::disable_interrupts()) {}
  ~InterruptMask() { detail::unmask_interrupts(state_); }
  InterruptMask(const InterruptMask&) = delete;
  InterruptMask& operator=(const InterruptMask&) = delete;

 private:
  arch::Cpu::InterruptState state_;
};

}  // namespace atl
