// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/sched.hpp>

namespace atl {
namespace {

constinit Thread main_thread;

}  // namespace

Result<void> sched_init() {
  arch::Cpu::set_current_thread(&main_thread);
  return {};
}

namespace sched {

void Provider::block() {
  main_thread.set_state(State::kWaiting);
  while (main_thread.is_blocked()) idle();
  main_thread.set_state(State::kRunning);
}

void Provider::for_each(void (*visit)(Thread&, void*), void* context) {
  visit(main_thread, context);
}

}  // namespace sched
}  // namespace atl
