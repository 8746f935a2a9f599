// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch.hpp>
#include <atoll/list.hpp>
#include <atoll/result.hpp>
#include <atoll/vm.hpp>

namespace atl {
class Thread;
}

/// Cooperative threads on one CPU.
namespace atl::sched {

struct ThreadOptions;

/// What this scheduler keeps in a Thread.
struct ProviderThread {
  ListHook ready_hook;  ///< among those that can run
  ListHook all_hook;    ///< among those that have not exited
  arch::Context context;
  vm::Stack stack;  ///< size 0: main's, which is the boot stack
  void (*entry)(void*) = nullptr;
  void* argument = nullptr;
  arch::Cpu::InterruptState interrupts{};  ///< that it starts with
};

/// See SchedulerContract in atoll/sched.hpp.
struct Provider {
  static constexpr bool kOneThread = false;
  static constexpr bool kPreemptive = false;

  static Result<Thread*> create(const ThreadOptions& options, void (*entry)(void*), void* argument);
  static void yield();
  static void block();
  static void make_ready(Thread& thread);
  static void leave(Thread& thread, bool reclaim);
  static void destroy(Thread& thread);
  static void for_each(void (*visit)(Thread&, void*), void* context);
  static void disable_preemption() {}
  static void enable_preemption() {}
};

}  // namespace atl::sched
