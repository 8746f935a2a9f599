// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "placement.hpp"

/// One CPU: there is no choice.
namespace atl::sched {

void enqueue(Thread& thread) {
  CpuState& cpu = here();
  thread.set_state(State::kReady);
  cpu.queue.push_back(thread);
  consider(cpu);
}

void reconsider(Thread& thread) {
  CpuState& cpu = here();
  if (thread.queued_on.load(std::memory_order_relaxed) == cpu.index) cpu.queue.move(thread);
  consider(cpu);
}

void relocate(Thread&) {}

void share(CpuState&) {}

Thread& choose(CpuState& cpu) {
  Thread* const next = cpu.queue.pop();
  return next != nullptr ? *next : *cpu.idle;
}

Thread& choose_in_place_of(Thread& self, CpuState& cpu, bool slice_used) {
  put_back(cpu, self, slice_used);
  return *cpu.queue.pop();
}

void leave_behind(CpuState&, Thread& left) { left.on_cpu.store(false, std::memory_order_relaxed); }

CpuMask online() { return 1; }

void go_online(CpuState&) {}

Result<void> connect_placement() { return {}; }

}  // namespace atl::sched
