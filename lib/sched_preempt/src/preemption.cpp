// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/config/sched_preempt.hpp>
#include <atoll/deadline.hpp>

#include "placement.hpp"

/// When a thread loses its CPU.
namespace atl::sched {
namespace {

constexpr Nanoseconds kSlice{std::uint64_t{config::sched_preempt::kSliceUs} * 1000};

bool lower_than_the_next(const CpuState& cpu, const Thread& thread) {
  return cpu.queue.highest() > thread.priority();
}

// On the stack of the thread that loses the CPU.
void preempt() {
  CpuState& cpu = here();
  const bool slice_used = !lower_than_the_next(cpu, current());
  if (slice_used) share(cpu);
  give_way(cpu, slice_used);
}

// CpuLocal::reschedule.
void reschedule(arch::TrapFrame* interrupted) {
  const auto state = arch::Cpu::disable_interrupts();
  CpuLocal& local = arch::Cpu::cpu_local();
  Thread& self = current();
  if (&self == here().idle) {
    local.reschedule = nullptr;  // it looks for itself
  } else if (self.preemption_disabled > 0) {
    // enable_preemption() comes back to it
  } else if (interrupted != nullptr) {
    arch::call_before_resume(*interrupted, preempt);
  } else {
    preempt();
  }
  arch::Cpu::restore_interrupts(state);
}

}  // namespace

// Since when has the current thread been running? Not asked at each switch, as that
// would read the clock: a thread that finds the timer running gets up to two slices.
void start_slice(CpuState& cpu) {
  cpu.slice_started = cpu.switches;
  // A CPU that stood still for a whole slice in here, as a hypervisor's may, has none that
  // could be armed: it begins again. Nobody may be left to notice a missing one.
  while (!deadline::arm(cpu.slice, deadline::after(kSlice).when())) {
  }
  cpu.slice_runs = true;
}

void slice_is_over(Timer&) {
  CpuState& cpu = here();
  cpu.slice_runs = false;
  if (cpu.queue.highest() < current().priority()) return;
  if (cpu.slice_started == cpu.switches) {
    want_reschedule();
  } else {
    start_slice(cpu);
  }
}

void want_reschedule() { arch::Cpu::cpu_local().reschedule = reschedule; }

void Provider::disable_preemption() { ++current().preemption_disabled; }

void Provider::enable_preemption() {
  Thread& self = current();
  if (--self.preemption_disabled > 0) return;
  const auto wanted = arch::Cpu::cpu_local().reschedule;
  if (wanted != nullptr && arch::Cpu::interrupts_enabled()) wanted(nullptr);
}

bool Provider::preemption_disabled() { return current().preemption_disabled > 0; }

}  // namespace atl::sched
