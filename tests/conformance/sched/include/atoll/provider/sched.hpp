// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch.hpp>
#include <atoll/result.hpp>
#include <atoll/vm.hpp>

namespace atl {
class Thread;
}

/// A scheduler with a fault of choice, to prove that the conformance suite goes
/// red. Never part of an image.
namespace atl::sched {

struct ThreadOptions;

struct ProviderThread {
  arch::Context context;
  vm::Stack stack;
  void (*entry)(void*) = nullptr;
  void* argument = nullptr;
  arch::Cpu::InterruptState interrupts{};
};

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
