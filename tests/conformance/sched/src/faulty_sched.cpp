// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <atoll/alloc.hpp>
#include <atoll/deadline.hpp>
#include <atoll/interrupt_mask.hpp>
#include <atoll/sched.hpp>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <new>
#include <vector>

#include "reservations.hpp"

namespace atl {
namespace {

std::deque<Thread*> ready;
std::vector<Thread*> living;
Thread* left_behind = nullptr;
std::uint32_t last_id = 1;
unsigned preemption_disabled_count = 0;
bool looks_for_next = false;  // the thread that blocks, and must not be preempted

/// Whether the fault `name` is the one asked for.
bool fault(const char* name) {
  static const char* const chosen = std::getenv("SCHED_FAULT");
  return chosen != nullptr && std::strcmp(chosen, name) == 0;
}

Thread& main_thread() {
  alignas(Thread) static std::byte room[sizeof(Thread)];
  static Thread* const made = ::new (room) Thread;
  return *made;
}

void arrive() {
  if (left_behind == nullptr) return;
  Thread& gone = *left_behind;
  left_behind = nullptr;
  sched::Provider::destroy(gone);
}

void run(Thread& thread) {
  if (!fault("forgets-states")) thread.set_state(sched::State::kRunning);
  arch::Cpu::cpu_local().reschedule = nullptr;
}

void switch_to(Thread& from, Thread& to) {
  run(to);
  arch::Cpu::cpu_local().current_thread = &to;
  arch::switch_context(from.context, to.context);
  arrive();
}

// The first of the highest priority, where that is `least` or more.
Thread* pop_ready(int least = 0) {
  const auto lower = [](Thread* left, Thread* right) {
    return left->priority() < right->priority();
  };
  auto place = std::max_element(ready.begin(), ready.end(), lower);
  if (place == ready.end() || (*place)->priority() < least) return nullptr;
  if (fault("runs-newest-first")) place = ready.end() - 1;
  Thread* const next = *place;
  ready.erase(place);
  return next;
}

// On the stack of the thread that loses the CPU.
void preempt() {
  Thread& self = sched::current();
  arch::Cpu::cpu_local().reschedule = nullptr;
  if (Thread* const next = pop_ready(self.priority() + 1)) {
    sched::Provider::make_ready(self);
    switch_to(self, *next);
  }
}

void reschedule(arch::TrapFrame* interrupted) {
  if (sched::Provider::preemption_disabled() && !fault("ignores-guards")) return;
  if (interrupted != nullptr) {
    arch::call_before_resume(*interrupted, preempt);
    return;
  }
  const InterruptMask masked;
  preempt();
}

Thread& find_next() {
  while (true) {
    if (Thread* const next = pop_ready()) return *next;
    if (fault("idles-unmasked")) {
      // The window in which a wake-up is lost: asked, unmasked, then asleep.
      arch::Cpu::enable_interrupts();
      static_cast<void>(arch::Cpu::disable_interrupts());
    }
    if (fault("ignores-idle-hook")) {
      arch::Cpu::wait_for_interrupt();
    } else {
      sched::idle();
    }
  }
}

Thread& next_ready() {
  looks_for_next = true;
  arch::Cpu::cpu_local().reschedule = nullptr;
  Thread& next = find_next();
  looks_for_next = false;
  return next;
}

void run_thread(void*) {
  arrive();
  Thread& self = sched::current();
  if (!fault("starts-masked")) arch::Cpu::restore_interrupts(self.interrupts);
  if (fault("starts-a-period-late")) sched::end_job();
  self.entry(self.argument);
  sched::exit();
}

}  // namespace

Result<void> sched_init() {
  living.push_back(&main_thread());
  arch::Cpu::cpu_local().current_thread = &main_thread();
  return {};
}

namespace sched {

Result<Thread*> Provider::create(const ThreadOptions& options, void (*entry)(void*),
                                 void* argument) {
  void* const memory = default_allocator().allocate(sizeof(Thread), alignof(Thread));
  if (memory == nullptr) return fail(Errc::kNoMemory);
  Result<vm::Stack> stack = vm::allocate_stack(options.stack_bytes);
  if (!stack.ok()) {
    if (!fault("leaks-on-failure")) default_allocator().free(memory);
    return fail(stack.error());
  }
  Thread& thread = *::new (memory) Thread(fault("reuses-ids") ? 2 : ++last_id, options);
  thread.stack = stack.value();
  const auto promised = reservations::change(
      thread, options.scheduling != nullptr ? *options.scheduling
                                            : Scheduling{.priority = options.priority});
  if (!promised.ok()) {
    destroy(thread);
    return fail(promised.error());
  }
  thread.entry = entry;
  thread.argument = fault("loses-argument") ? nullptr : argument;
  thread.interrupts = arch::Cpu::interrupts_enabled();
  arch::prepare_context(thread.context, thread.stack.top(), run_thread, nullptr);
  if (!fault("hides-threads")) living.push_back(&thread);
  ready.push_back(&thread);
  return &thread;
}

void Provider::make_ready(Thread& thread) {
  if (fault("drops-wake-ups-of-handlers") && arch::Cpu::cpu_local().interrupt_depth > 0) return;
  if (!fault("forgets-states")) thread.set_state(State::kReady);
  ready.push_back(&thread);
  const bool wants_cpu = !looks_for_next && thread.priority() > current().priority();
  if (wants_cpu && !fault("never-preempts")) arch::Cpu::cpu_local().reschedule = reschedule;
}

void Provider::yield() {
  if (fault("does-not-yield")) return;
  const InterruptMask masked;
  Thread& self = current();
  if (Thread* const next = pop_ready(self.priority())) {
    make_ready(self);
    switch_to(self, *next);
  }
}

void Provider::block() {
  Thread& self = current();
  self.set_state(State::kWaiting);
  Thread& next = next_ready();
  if (&next == &self) {
    run(self);
  } else {
    switch_to(self, next);
  }
}

void Provider::leave(Thread& thread, bool reclaim) {
  if (!fault("remembers-the-dead")) {
    living.erase(std::remove(living.begin(), living.end(), &thread), living.end());
  }
  thread.set_state(State::kExited);
  static_cast<void>(reservations::change(thread, {}));
  Thread& next = next_ready();
  if (reclaim && !fault("leaks-detached")) left_behind = &thread;
  switch_to(thread, next);
}

void Provider::destroy(Thread& thread) {
  if (!fault("leaks-stacks")) vm::free_stack(thread.stack);
  if (!fault("leaks-threads")) default_allocator().free(&thread);
}

void Provider::for_each(void (*visit)(Thread&, void*), void* context) {
  for (Thread* thread : living) visit(*thread, context);
}

void Provider::disable_preemption() { ++preemption_disabled_count; }

void Provider::enable_preemption() {
  if (--preemption_disabled_count > 0 || fault("forgets-who-was-kept-out")) return;
  const auto wanted = arch::Cpu::cpu_local().reschedule;
  if (wanted != nullptr && arch::Cpu::interrupts_enabled()) wanted(nullptr);
}

bool Provider::preemption_disabled() { return preemption_disabled_count > 0; }

void Provider::end_job() {
  Thread& self = current();
  if (self.attributes.policy != Policy::kDeadline) {
    yield();
    return;
  }
  const Nanoseconds next_period = reservations::begin_next_period(self);
  static_cast<void>(sleep_until(deadline::at(next_period), Interruptions::kNone));
}

Result<void> Provider::set_scheduling(Thread& thread, const Scheduling& wanted) {
  return reservations::change(thread, wanted);
}

Scheduling Provider::scheduling(Thread& thread) { return thread.attributes; }

}  // namespace sched
}  // namespace atl
