// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/bandwidth_server.hpp>
#include <atoll/list.hpp>
#include <atoll/result.hpp>
#include <atoll/scheduling.hpp>
#include <atoll/stacked_thread.hpp>
#include <atoll/tree.hpp>
#include <cstdint>

namespace atl {
class Thread;
}

/// Preemptive threads, the earliest deadline first, on one CPU.
namespace atl::sched {

struct ThreadOptions;

/// What this scheduler keeps in a Thread. Its owner is the scheduler, interrupts masked.
struct ProviderThread : StackedThread {
  /// Where the thread is between two runs.
  enum class Place : std::uint8_t {
    kParked,     ///< blocked, not started, or exited
    kRunning,    ///< on the CPU
    kReady,      ///< in the queue of those that are ready
    kThrottled,  ///< has used up its runtime and waits for its next period
  };

  ListHook ready_hook;
  TreeHook deadline_hook;
  BandwidthServer server;  ///< active: by deadline, else by `level`
  Place place = Place::kParked;
  std::uint8_t level = Scheduling{}.priority;
  Policy policy = Policy::kNormal;
};

/// See SchedulerContract in atoll/sched.hpp.
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
  static bool goes_before(const Thread& left, const Thread& right);
  static Result<void> set_scheduling(Thread& thread, const Scheduling& wanted);
  static Scheduling scheduling(Thread& thread);
};

}  // namespace atl::sched
