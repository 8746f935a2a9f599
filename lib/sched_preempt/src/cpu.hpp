// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/lock.hpp>
#include <atoll/wait.hpp>

#include "run_queue.hpp"

namespace atl::sched {

/// The callback of CpuState::slice.
void slice_is_over(Timer& timer);

/// What a CPU schedules with. Reached by here(), with interrupts masked.
struct CpuState {
  IrqSpinLock lock;  ///< of queue
  RunQueue queue;

  Thread* idle = nullptr;      ///< runs where no other can
  Thread* previous = nullptr;  ///< whose context was saved last
  bool reclaim = false;        ///< `previous` has left for ever, and nobody joins it

  std::uint32_t switches = 0;  ///< so far; wraps around
  Timer slice{slice_is_over};
  std::uint32_t slice_started = 0;  ///< `switches` when it was armed
  bool slice_runs = false;          ///< it is armed
};

/// The running CPU's.
CpuState& here();

/// Who gets the CPU is to be decided again, as soon as the current thread can lose it.
/// Interrupts masked.
void want_reschedule();

/// A thread of `priority` has become ready on this CPU, or another thread runs: takes the
/// CPU from one of lower priority, sees to it that those of the same take turns.
/// Interrupts masked.
void consider(CpuState& cpu);

/// Puts the current thread into the queue, in front of its kind where it has not used
/// up its slice, and runs the next. Interrupts masked.
void give_way(CpuState& cpu, bool slice_used);

}  // namespace atl::sched
