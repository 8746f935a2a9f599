// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/late.hpp>
#include <atoll/lock.hpp>
#include <atoll/sched.hpp>

#include "run_queue.hpp"

namespace atl::sched {

/// The callback of CpuState::slice.
void slice_is_over(Timer& timer);

/// What a CPU schedules with. Its own part is reached by here(), with interrupts masked.
struct CpuState {
  IrqSpinLock lock;  ///< of queue and running
  RunQueue queue;
  /// The priority of the thread that is chosen, RunQueue::kNone while there is none. Read
  /// without the lock it is a hint. Of several CPUs only.
  std::atomic<int> running = RunQueue::kNone;

  // From here on only the CPU itself.
  std::uint32_t index = 0;
  bool announced = false;      ///< among those that idle, unless somebody has claimed it
  Thread* idle = nullptr;      ///< runs where no other can
  Thread* previous = nullptr;  ///< whose context was saved last
  bool reclaim = false;        ///< `previous` has left for ever, and nobody joins it
  bool evicted = false;        ///< `previous` is ready, for other CPUs only; of several CPUs

  std::uint32_t switches = 0;  ///< so far; wraps around
  Timer slice{slice_is_over};
  std::uint32_t slice_started = 0;  ///< `switches` when it was armed
  bool slice_runs = false;          ///< it is armed
};

/// By index; made by sched_init().
extern constinit Late<std::array<CpuState, kMaxCpus>> cpus;

/// That of the CPU with `index`.
inline CpuState& at(std::uint32_t index) { return (*cpus)[index]; }
/// The running CPU's.
inline CpuState& here() { return at(arch::Cpu::cpu_local().index); }

/// Who gets the CPU is to be decided again, as soon as the current thread can lose it.
/// Interrupts masked.
void want_reschedule();

/// The running thread has company of its priority: they take turns. Interrupts masked.
void start_slice(CpuState& cpu);

/// A thread has become ready on this CPU, or another thread runs: takes the CPU from one of
/// lower priority, sees to it that those of the same take turns. Interrupts masked.
inline void consider(CpuState& cpu) {
  const Thread& self = current();
  const int waiting = cpu.queue.highest();
  if (waiting < self.priority() || &self == cpu.idle) return;
  if (waiting > self.priority()) {
    want_reschedule();
  } else if (!cpu.slice_runs) {
    start_slice(cpu);
  }
}

inline void put_back(CpuState& cpu, Thread& self, bool slice_used) {
  if (slice_used) {
    cpu.queue.push_back(self);
  } else {
    cpu.queue.push_front(self);
  }
}

/// Puts the current thread into the queue, in front of its kind where it has not used
/// up its slice, and runs the next. Interrupts masked.
void give_way(CpuState& cpu, bool slice_used);

}  // namespace atl::sched
