// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/interrupt_mask.hpp>
#include <atoll/late.hpp>
#include <atoll/sched_threads.hpp>

namespace atl {
namespace sched {
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
  threads::destroy(gone);
}

void switch_to(Thread& from, Thread& to) {
  to.set_state(State::kRunning);
  arch::Cpu::set_current_thread(&to);
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

void first_run(void*) {
  arrive();
  threads::run();
}

}  // namespace

Result<Thread*> Provider::create(const ThreadOptions& options, void (*entry)(void*),
                                 void* argument) {
  Thread* const thread = TRY(threads::allocate(options, entry, argument, first_run));
  const InterruptMask masked;
  threads::announce(*thread);
  make_ready(*thread);
  return thread;
}

void Provider::make_ready(Thread& thread) {
  thread.set_state(State::kReady);
  ready->push_back(thread);
}

void Provider::yield() {
  const InterruptMask masked;
  if (ProviderThread* const next = ready->pop_front()) {
    Thread& self = current();
    make_ready(self);
    switch_to(self, static_cast<Thread&>(*next));
  }
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
  threads::forget(thread);
  thread.set_state(State::kExited);
  Thread& next = next_ready();
  if (reclaim) left_behind = &thread;
  switch_to(thread, next);
}

void Provider::destroy(Thread& thread) { threads::destroy(thread); }

void Provider::for_each(void (*visit)(Thread&, void*), void* context) {
  threads::for_each(visit, context);
}

}  // namespace sched

Result<void> sched_init() {
  sched::ready.create();
  sched::threads::adopt_main();
  return {};
}

}  // namespace atl
