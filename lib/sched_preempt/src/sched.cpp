// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/assert.hpp>
#include <atoll/late.hpp>
#include <atoll/sched_threads.hpp>

#include "cpu.hpp"

/// Which thread runs.
namespace atl {
namespace sched {
namespace {

using Place = ProviderThread::Place;

constinit Late<std::array<CpuState, kMaxCpus>> cpus;

// What a thread does first when it has got the CPU: the one before has left it.
void arrive() {
  CpuState& cpu = here();
  Thread& left = *cpu.previous;
  left.on_cpu.store(false, std::memory_order_release);
  if (!cpu.reclaim) return;
  cpu.reclaim = false;
  Provider::destroy(left);
}

void run(CpuState& cpu, Thread& next) {
  Thread& self = current();
  next.place.store(Place::kRunning, std::memory_order_relaxed);
  next.set_state(State::kRunning);
  arch::Cpu::cpu_local().reschedule = nullptr;
  arch::Cpu::set_current_thread(&next);
  if (&next != &self) ++cpu.switches;
  consider(cpu);
  if (&next == &self) return;
  next.on_cpu.store(true, std::memory_order_relaxed);
  cpu.previous = &self;
  arch::switch_context(self.context, next.context);
  arrive();
}

// The next thread in the queue, else the one that idles.
Thread& choose(CpuState& cpu) {
  Guard guard{cpu.lock};
  Thread* const next = cpu.queue.pop();
  return next != nullptr ? *next : *cpu.idle;
}

void enqueue(CpuState& cpu, Thread& thread) {
  thread.set_state(State::kReady);
  Guard guard{cpu.lock};
  cpu.queue.push_back(thread);
}

void first_run(void*) {
  arrive();
  threads::run();
}

// Of the thread that idles: for ever, with interrupts masked but while it sleeps.
void idle_run(void*) {
  arrive();
  CpuState& cpu = here();
  while (true) {
    Thread& next = choose(cpu);
    if (&next == cpu.idle) {
      idle();
    } else {
      run(cpu, next);
    }
  }
}

}  // namespace

CpuState& here() { return (*cpus)[arch::Cpu::cpu_local().index]; }

void give_way(CpuState& cpu, bool slice_used) {
  Thread& self = current();
  self.place.store(Place::kReady, std::memory_order_relaxed);
  self.set_state(State::kReady);
  {
    Guard guard{cpu.lock};
    if (slice_used) {
      cpu.queue.push_back(self);
    } else {
      cpu.queue.push_front(self);
    }
  }
  run(cpu, choose(cpu));
}

Result<Thread*> Provider::create(const ThreadOptions& options, void (*entry)(void*),
                                 void* argument) {
  Thread* const thread = TRY(threads::allocate(options, entry, argument, first_run));
  const InterruptMask masked;
  threads::announce(*thread);
  make_ready(*thread);
  return thread;
}

void Provider::make_ready(Thread& thread) {
  Place before = thread.place.load(std::memory_order_acquire);
  Place after;
  do {
    // Where it runs it will see for itself that it no longer waits; that it is ready
    // already says that it was not waiting.
    if (before == Place::kReady || before == Place::kWoken) return;
    after = before == Place::kParked ? Place::kReady : Place::kWoken;
  } while (!thread.place.compare_exchange_weak(before, after, std::memory_order_acq_rel,
                                               std::memory_order_acquire));
  if (after != Place::kReady) return;
  CpuState& cpu = here();
  enqueue(cpu, thread);
  consider(cpu);
}

void Provider::yield() {
  const InterruptMask masked;
  CpuState& cpu = here();
  if (cpu.queue.highest() >= current().priority()) give_way(cpu, true);
}

void Provider::block() {
  Thread& self = current();
  self.set_state(State::kWaiting);
  Place before = Place::kRunning;
  if (!self.place.compare_exchange_strong(before, Place::kParked, std::memory_order_acq_rel)) {
    ATOLL_ASSERT(before == Place::kWoken);
    self.place.store(Place::kRunning, std::memory_order_relaxed);
    self.set_state(State::kRunning);
    return;
  }
  CpuState& cpu = here();
  run(cpu, choose(cpu));
}

void Provider::leave(Thread& thread, bool reclaim) {
  threads::forget(thread);
  thread.set_state(State::kExited);
  CpuState& cpu = here();
  cpu.reclaim = reclaim;
  run(cpu, choose(cpu));
}

void Provider::destroy(Thread& thread) {
  // Its joiner may be woken while it is on its way out, on another CPU.
  while (thread.on_cpu.load(std::memory_order_acquire)) arch::Cpu::relax();
  threads::destroy(thread);
}

void Provider::for_each(void (*visit)(Thread&, void*), void* context) {
  threads::for_each(visit, context);
}

}  // namespace sched

Result<void> sched_init() {
  using namespace sched;
  CpuState& cpu = cpus.create()[0];
  Thread& main = threads::adopt_main();
  main.place.store(Place::kRunning, std::memory_order_relaxed);
  main.on_cpu.store(true, std::memory_order_relaxed);
  cpu.idle = TRY(threads::allocate({.name = "idle", .stack_bytes = 8192, .priority = 0}, nullptr,
                                   nullptr, idle_run));
  return {};
}

}  // namespace atl
