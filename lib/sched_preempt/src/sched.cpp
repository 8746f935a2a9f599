// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/assert.hpp>
#include <atoll/sched_threads.hpp>

#include "placement.hpp"

/// What a thread does between two runs.
namespace atl {
namespace sched {
namespace {

using Place = ProviderThread::Place;

// What a thread does first when it has got the CPU: the one before has left it.
void arrive() {
  CpuState& cpu = here();
  Thread& left = *cpu.previous;
  const bool reclaim = cpu.reclaim;
  cpu.reclaim = false;
  leave_behind(cpu, left);
  if (reclaim) Provider::destroy(left);
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
  next.cpu.store(cpu.index, std::memory_order_relaxed);
  next.on_cpu.store(true, std::memory_order_release);
  cpu.previous = &self;
  arch::switch_context(self.context, next.context);
  arrive();
}

void first_run(void*) {
  arrive();
  threads::run();
}

// Of the thread that idles: for ever, with interrupts masked but while it sleeps.
[[noreturn]] void idle_here() {
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

void first_idle(void*) {
  arrive();
  idle_here();
}

}  // namespace

constinit Late<std::array<CpuState, kMaxCpus>> cpus;

void give_way(CpuState& cpu, bool slice_used) {
  Thread& self = current();
  self.place.store(Place::kReady, std::memory_order_relaxed);
  self.set_state(State::kReady);
  run(cpu, choose_in_place_of(self, cpu, slice_used));
}

Result<Thread*> Provider::create(const ThreadOptions& options, void (*entry)(void*),
                                 void* argument) {
  if ((options.affinity & online()) == 0) return fail(Errc::kInvalidArgument);
  Thread* const thread = TRY(threads::allocate(options, entry, argument, first_run));
  const InterruptMask masked;
  thread->cpu.store(here().index, std::memory_order_relaxed);
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
  } while (!thread.place.compare_exchange_weak(before, after, std::memory_order_seq_cst,
                                               std::memory_order_acquire));
  if (after == Place::kReady) enqueue(thread);
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

void Provider::run_cpu() {
  go_online(here());
  idle_here();
}

void Provider::priority_changed(Thread& thread) { reconsider(thread); }

CpuMask Provider::usable_cpus() { return online(); }

void Provider::affinity_changed(Thread& thread) { relocate(thread); }

void Provider::for_each(void (*visit)(Thread&, void*), void* context) {
  threads::for_each(visit, context);
}

}  // namespace sched

namespace {

void occupies_cpu(Thread& thread) {
  thread.place.store(sched::Place::kRunning, std::memory_order_relaxed);
  thread.on_cpu.store(true, std::memory_order_relaxed);
}

}  // namespace

Result<void> sched_init() {
  using namespace sched;
  auto& all = cpus.create();
  for (std::uint32_t index = 0; index < kMaxCpus; ++index) {
    all[index].index = index;
    all[index].queue.set_cpu(index);
  }
  CpuState& cpu = all[0];
  Thread& main = threads::adopt_main();
  occupies_cpu(main);
  cpu.running.store(main.priority(), std::memory_order_relaxed);
  cpu.idle = TRY(threads::allocate({.name = "idle", .stack_bytes = 8192, .priority = 0}, nullptr,
                                   nullptr, first_idle));
  go_online(cpu);
  return connect_placement();
}

Result<void> sched_init_cpu() {
  using namespace sched;
  CpuState& cpu = here();
  cpu.idle = TRY(threads::adopt_idle());
  cpu.idle->cpu.store(cpu.index, std::memory_order_relaxed);
  occupies_cpu(*cpu.idle);
  return {};
}

}  // namespace atl
