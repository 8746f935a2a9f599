// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/assert.hpp>
#include <atoll/irq.hpp>
#include <atoll/sched.hpp>
#include <atomic>
#include <bit>

#include "running.hpp"

namespace atl::smp {
namespace {

struct Request {
  void (*function)(void* argument);
  void* argument;
};

// Of the thread that has `busy`.
constinit std::atomic<bool> busy = false;
constinit Request request{};
constinit std::atomic<Cpus> waiting = 0;  // who has not called it yet

Cpus own_bit() { return Cpus{1} << arch::Cpu::cpu_local().index; }

void on_interrupt(void*) {
  if ((waiting.load(std::memory_order_acquire) & own_bit()) == 0) return;
  request.function(request.argument);
  waiting.fetch_and(~own_bit(), std::memory_order_release);
}

}  // namespace

Result<void> connect_calls() {
  const std::uint32_t line = irq::line_of(irq::Message::kCall);
  TRY(irq::root().connect(line, irq::Trigger::kEdgeRising, on_interrupt, nullptr));
  irq::root().unmask(line);
  return {};
}

void call(Cpus cpus, void (*function)(void* argument), void* argument) {
  ATOLL_ASSERT(sched::may_wait() && arch::Cpu::interrupts_enabled());
  const sched::PreemptGuard keeps_cpu;
  while (busy.exchange(true, std::memory_order_acquire)) arch::Cpu::relax();
  request = {function, argument};
  const Cpus others = cpus & running() & ~own_bit();
  waiting.store(others, std::memory_order_release);
  for (Cpus left = others; left != 0; left &= left - 1) {
    irq::send(irq::Message::kCall, static_cast<std::uint32_t>(std::countr_zero(left)));
  }
  if ((cpus & own_bit()) != 0) {
    const auto state = arch::Cpu::disable_interrupts();
    function(argument);
    arch::Cpu::restore_interrupts(state);
  }
  while (waiting.load(std::memory_order_acquire) != 0) arch::Cpu::relax();
  busy.store(false, std::memory_order_release);
}

}  // namespace atl::smp
