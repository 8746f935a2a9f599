// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch.hpp>
#include <atoll/list.hpp>
#include <atoll/vm.hpp>

namespace atl::sched {

/// What every scheduler of many threads keeps in a Thread: the base of its
/// ProviderThread. Made and destroyed by atoll/sched_threads.hpp.
struct StackedThread {
  ListHook all_hook;  ///< among those that have not exited
  arch::Context context;
  vm::Stack stack;             ///< size 0: main's, which is the boot stack
  bool stack_is_lent = false;  ///< ThreadOptions::stack
  void (*entry)(void*) = nullptr;
  void* argument = nullptr;
  arch::Cpu::InterruptState interrupts{};  ///< that it starts with
};

}  // namespace atl::sched
