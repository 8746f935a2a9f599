// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch.hpp>
#include <atoll/result.hpp>
#include <atoll/scheduling.hpp>
#include <atoll/vm.hpp>

namespace atl {
class Thread;
}

/// Preemptive threads with priorities and, for the arithmetic alone, deadlines: a scheduler
/// with a fault of choice, to prove that the conformance suite goes red. Never part of an
/// image.
namespace atl::sched {

struct ThreadOptions;

struct ProviderThread {
  arch::Context context;
  vm::Stack stack;
  void (*entry)(void*) = nullptr;
  void* argument = nullptr;
  arch::Cpu::InterruptState interrupts{};
  Scheduling attributes;
  unsigned share = 0;        ///< of the CPU, that it was promised
  Nanoseconds period_began;  ///< where it has a deadline
};

struct Provider {
  static constexpr bool kOneThread = false;
  static constexpr bool kPreemptive = true;
  static constexpr bool kHasPriorities = true;
  static constexpr bool kManyCpus = false;

  static Result<Thread*> create(const ThreadOptions& options, void (*entry)(void*), void* argument);
  static void yield();
  static void block();
  static void make_ready(Thread& thread);
  static void leave(Thread& thread, bool reclaim);
  static void destroy(Thread& thread);
  static void for_each(void (*visit)(Thread&, void*), void* context);
  static void disable_preemption();
  static void enable_preemption();
  static bool preemption_disabled();
  static void end_job();
  static Result<void> set_scheduling(Thread& thread, const Scheduling& wanted);
  static Scheduling scheduling(Thread& thread);
};

}  // namespace atl::sched
