// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <atoll/alloc.hpp>
#include <atoll/sched.hpp>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <new>
#include <vector>

namespace atl {
namespace {

std::deque<Thread*> ready;
std::vector<Thread*> living;
Thread* left_behind = nullptr;
std::uint32_t last_id = 1;

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
}

void switch_to(Thread& from, Thread& to) {
  run(to);
  arch::Cpu::cpu_local().current_thread = &to;
  arch::switch_context(from.context, to.context);
  arrive();
}

Thread* pop_ready() {
  if (ready.empty()) return nullptr;
  Thread* next = ready.front();
  if (fault("runs-newest-first")) {
    next = ready.back();
    ready.pop_back();
  } else {
    ready.pop_front();
  }
  return next;
}

Thread& next_ready() {
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

void run_thread(void*) {
  arrive();
  Thread& self = sched::current();
  if (!fault("starts-masked")) arch::Cpu::restore_interrupts(self.interrupts);
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
}

void Provider::yield() {
  if (fault("does-not-yield")) return;
  const auto state = arch::Cpu::disable_interrupts();
  if (Thread* const next = pop_ready()) {
    Thread& self = current();
    make_ready(self);
    switch_to(self, *next);
  }
  arch::Cpu::restore_interrupts(state);
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

}  // namespace sched
}  // namespace atl
