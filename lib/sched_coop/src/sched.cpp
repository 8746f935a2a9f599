// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "threads.hpp"

#include <atoll/assert.hpp>

namespace atl::sched {
namespace {

using ReadyQueue = List<ProviderThread, &ProviderThread::ready_hook>;

constinit Late<ReadyQueue> ready;

// A detached thread that has left for ever, on whose stack the CPU still was
// when it decided to.
constinit Thread* left_behind = nullptr;

// What a thread does first when it has got the CPU.
void arrive() {
  if (left_behind == nullptr) return;
  Thread& gone = *left_behind;
  left_behind = nullptr;
  Provider::destroy(gone);
}

void switch_to(Thread& from, Thread& to) {
  to.set_state(State::kRunning);
  arch::Cpu::cpu_local().current_thread = &to;
  arch::switch_context(from.context, to.context);
  arrive();
}

// The next thread to run; sleeps until an interrupt makes one ready. The CPU
// idles on the stack of the thread that ran last.
Thread& next_ready() {
  while (true) {
    if (ProviderThread* const next = ready->pop_front()) return static_cast<Thread&>(*next);
    idle();
  }
}

}  // namespace

void start_scheduling() { ready.create(); }

void run_thread(void*) {
  arrive();
  Thread& self = current();
  arch::Cpu::restore_interrupts(self.interrupts);
  self.entry(self.argument);
  exit();
}

void Provider::make_ready(Thread& thread) {
  thread.set_state(State::kReady);
  ready->push_back(thread);
}

void Provider::yield() {
  const auto state = arch::Cpu::disable_interrupts();
  if (ProviderThread* const next = ready->pop_front()) {
    Thread& self = current();
    make_ready(self);
    switch_to(self, static_cast<Thread&>(*next));
  }
  arch::Cpu::restore_interrupts(state);
}

void Provider::block() {
  Thread& self = current();
  self.set_state(State::kWaiting);
  Thread& next = next_ready();
  if (&next == &self) {
    self.set_state(State::kRunning);
  } else {
    switch_to(self, next);
  }
}

void Provider::leave(Thread& thread, bool reclaim) {
  forget(thread);
  thread.set_state(State::kExited);
  Thread& next = next_ready();
  if (reclaim) left_behind = &thread;
  switch_to(thread, next);
}

}  // namespace atl::sched
