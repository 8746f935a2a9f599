// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/clock.hpp>
#include <atoll/deadline.hpp>
#include <atoll/late.hpp>
#include <atoll/posix/signal_reach.hpp>

#include "generate.hpp"
#include "machine.hpp"

// Signals for threads that compute. What waits is told by an interruption; what computes is
// interrupted, if need be by a timer that comes again until the signal has been taken, and
// its handler runs before the interrupt returns to it: in the thread, on its stack, with
// interrupts on. Only the program's own code is interrupted so, never the kernel's, whose
// data a handler's calls would find half changed.

// The linker script's bounds of the program and the archives that it is linked with.
extern "C" {
extern const char __program_text_start[];
extern const char __text_end[];
}

namespace atl::posix {
namespace {

constexpr Nanoseconds kSoon{200'000};
constexpr Nanoseconds kLatest{4'000'000};

using Reschedule = void (*)(arch::TrapFrame*);
// What stood in CpuLocal::reschedule; the CPU's own, interrupts masked.
constinit std::array<Reschedule, kMaxCpus> others{};

void expire(Timer&);

struct Lookout {
  Timer timer{expire};
  std::atomic<bool> armed = false;
  std::atomic<std::uint32_t> requests = 0;
  Nanoseconds delay = kSoon;  // who has `armed`
};
constinit Late<Lookout> lookout;
constinit std::atomic<void (*)()> reach_other_cpus = nullptr;

bool is_program(VirtAddr pc) {
  const auto start = reinterpret_cast<std::uintptr_t>(__program_text_start);
  const auto end = reinterpret_cast<std::uintptr_t>(__text_end);
  return pc.value() >= start && pc.value() < end;
}

// Runs where call_before_resume() says.
void deliver_to_interrupted() {
  arch::TrapFrame& frame = frame_of_caller(__builtin_frame_address(0));
  arch::Cpu::enable_interrupts();
  static_cast<void>(sched::take_interruptions(Interruptions::kSignal));
  Delivery delivery;
  while (next_delivery(delivery)) {
    UserContext context;
    to_context(frame, context);
    run_handler(delivery, context);
    from_context(context, frame);
  }
  static_cast<void>(arch::Cpu::disable_interrupts());
}

// CpuLocal::reschedule, for once.
void on_return(arch::TrapFrame* interrupted) {
  const auto state = arch::Cpu::disable_interrupts();
  CpuLocal& local = arch::Cpu::cpu_local();
  const Reschedule other = others[local.index];
  others[local.index] = nullptr;
  local.reschedule = other;
  if (interrupted != nullptr && is_program(arch::program_counter(*interrupted)) &&
      local.current_thread != nullptr && !sched::Provider::preemption_disabled()) {
    arch::call_before_resume(*interrupted, deliver_to_interrupted);
  }
  arch::Cpu::restore_interrupts(state);
  if (other != nullptr) other(interrupted);
}

bool could_take_one(const Thread& thread) {
  const bool is_programs = thread.is_main() || thread.program_block != nullptr;
  return signals().with([&](SharedSignals& shared) {
    const ThreadSignals* const block = signals_of(thread);
    SignalSet found = is_programs ? shared.pending.set() : 0;
    SignalSet wanted = ~mask_of(thread);
    if (block != nullptr) {
      found |= block->pending.set();
      wanted |= block->awaited.load(std::memory_order_relaxed);
    }
    return (found & wanted) != 0;
  });
}

struct Left {
  bool here = false;
  bool elsewhere = false;
};

// The threads that could take something and have not taken it yet: tells them again.
Left remind() {
  Left left;
  sched::for_each(
      [](Thread& thread, void* context) {
        if (!could_take_one(thread)) return;
        auto& found = *static_cast<Left*>(context);
        (&thread == arch::Cpu::current_thread() ? found.here : found.elsewhere) = true;
        sched::interrupt(thread, Interruptions::kSignal);
      },
      &left);
  return left;
}

void arm() {
  Lookout& self = *lookout;
  while (!deadline::arm(self.timer, clock::now() + self.delay)) {
  }
}

void start() {
  if (lookout->armed.exchange(true, std::memory_order_acq_rel)) return;
  lookout->delay = kSoon;
  arm();
}

void expire(Timer&) {
  Lookout& self = *lookout;
  const std::uint32_t seen = self.requests.load(std::memory_order_acquire);
  const Left left = remind();
  if (left.elsewhere) {
    if (auto* const reach = reach_other_cpus.load(std::memory_order_relaxed)) reach();
  }
  // Behind whatever has woken a thread, and with it asked for a switch of threads.
  if (left.here) deliver_on_return();
  if (left.here || left.elsewhere) {
    self.delay = std::min(self.delay + self.delay, kLatest);
    arm();
    return;
  }
  self.armed.store(false, std::memory_order_release);
  if (self.requests.load(std::memory_order_acquire) != seen) start();
}

}  // namespace

void deliver_on_return() {
  const auto state = arch::Cpu::disable_interrupts();
  CpuLocal& local = arch::Cpu::cpu_local();
  if (local.interrupt_depth > 0 && local.reschedule != on_return) {
    others[local.index] = local.reschedule;
    local.reschedule = on_return;
  }
  arch::Cpu::restore_interrupts(state);
}

void look_again() {
  lookout->requests.fetch_add(1, std::memory_order_acq_rel);
  start();
}

void make_lookout() { lookout.create(); }

void remind_here() {
  const Thread* const thread = arch::Cpu::current_thread();
  if (thread != nullptr && could_take_one(*thread)) deliver_on_return();
}

void set_reach(void (*reach)()) { reach_other_cpus.store(reach, std::memory_order_relaxed); }

}  // namespace atl::posix
