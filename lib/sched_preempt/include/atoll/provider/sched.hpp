// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/list.hpp>
#include <atoll/result.hpp>
#include <atoll/stacked_thread.hpp>
#include <atomic>
#include <cstdint>

namespace atl {
class Thread;
}

/// Preemptive threads with priorities.
namespace atl::sched {

struct ThreadOptions;

/// What this scheduler keeps in a Thread.
struct ProviderThread : StackedThread {
  /// Where the thread is between two runs.
  enum class Place : std::uint8_t {
    kRunning,  ///< on a CPU
    kWoken,    ///< on a CPU, and its next block() returns at once
    kParked,   ///< blocked
    kReady,    ///< in a run queue
  };

  static constexpr std::uint32_t kNowhere = ~0u;

  ListHook ready_hook;
  std::atomic<Place> place = Place::kParked;
  /// A CPU uses its stack and context; false only once all of it is saved.
  std::atomic<bool> on_cpu = false;
  /// The CPU in whose queue it is, or kNowhere; written under that queue's lock.
  std::atomic<std::uint32_t> queued_on = kNowhere;
  std::uint8_t line = 0;  ///< of that queue; under its lock
  /// That it ran on last; written there, before on_cpu. Who does not keep it from running
  /// reads it after on_cpu.
  std::atomic<std::uint32_t> cpu = 0;
  std::uint32_t preemption_disabled = 0;  ///< written by the thread itself
};

/// See SchedulerContract in atoll/sched.hpp.
struct Provider {
  static constexpr bool kOneThread = false;
  static constexpr bool kPreemptive = true;
  static constexpr bool kHasPriorities = true;
  static constexpr bool kManyCpus = true;

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
  static void priority_changed(Thread& thread);
  static std::uint64_t usable_cpus();
  static void affinity_changed(Thread& thread);
  [[noreturn]] static void run_cpu();
};

}  // namespace atl::sched
