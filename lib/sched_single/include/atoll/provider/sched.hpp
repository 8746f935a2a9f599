// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>

namespace atl {
class Thread;
}

/// The scheduler of one thread: main.
namespace atl::sched {

struct ThreadOptions;

/// What this scheduler keeps in a Thread.
struct ProviderThread {};

/// See SchedulerContract in atoll/sched.hpp.
struct Provider {
  static constexpr bool kOneThread = true;
  static constexpr bool kPreemptive = false;
  static constexpr bool kHasPriorities = false;
  static constexpr bool kManyCpus = false;

  static Result<Thread*> create(const ThreadOptions&, void (*)(void*), void*) {
    return fail(Errc::kNotSupported);
  }
  static void yield() {}
  static void block();
  /// main is in block() and looks for itself.
  static void make_ready(Thread&) {}
  static void leave(Thread&, bool) {}
  static void destroy(Thread&) {}
  static void for_each(void (*visit)(Thread&, void*), void* context);
  static void disable_preemption() {}
  static void enable_preemption() {}
  static constexpr bool preemption_disabled() { return false; }
};

}  // namespace atl::sched
