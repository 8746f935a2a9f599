// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/sched.hpp>
#include <atomic>

namespace atl::sched {
namespace {

constinit std::atomic<bool (*)()> idle_hook = nullptr;

}  // namespace

void set_idle_hook(bool (*hook)()) { idle_hook.store(hook, std::memory_order_release); }

void idle() {
  bool (*const hook)() = idle_hook.load(std::memory_order_acquire);
  if (hook != nullptr && hook()) return;
  arch::Cpu::wait_for_interrupt();
}

}  // namespace atl::sched
