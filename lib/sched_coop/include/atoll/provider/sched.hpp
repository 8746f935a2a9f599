// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/list.hpp>
#include <atoll/result.hpp>
#include <atoll/stacked_thread.hpp>

namespace atl {
class Thread;
}

/// Cooperative threads on one CPU.
namespace atl::sched {

struct ThreadOptions;

/// What this scheduler keeps in a Thread.
struct ProviderThread : StackedThread {
  ListHook ready_hook;  ///< among those that can run
};

/// See SchedulerContract in atoll/sched.hpp.
struct Provider {
  static constexpr bool kOneThread = false;
  static constexpr bool kPreemptive = false;
  static constexpr bool kHasPriorities = false;
  static constexpr bool kManyCpus = false;

  static Result<Thread*> create(const ThreadOptions& options, void (*entry)(void*), void* argument);
  static void yield();
  static void block();
  static void make_ready(Thread& thread);
  static void leave(Thread& thread, bool reclaim);
  static void destroy(Thread& thread);
  static void for_each(void (*visit)(Thread&, void*), void* context);
  static void disable_preemption() {}
  static void enable_preemption() {}
  static constexpr bool preemption_disabled() { return false; }
};

}  // namespace atl::sched
