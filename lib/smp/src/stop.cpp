// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/irq.hpp>
#include <atoll/shutdown.hpp>
#include <atomic>
#include <bit>

#include "running.hpp"

namespace atl {
namespace {

// Relaxed loops: far more than an interrupt takes, a moment for a person.
constexpr unsigned kPatience = 1 << 22;

constinit std::atomic<std::uint32_t> stopper = 0;  // 1 + the index of the CPU that goes on
constinit std::atomic<smp::Cpus> stopped = 0;

smp::Cpus own_bit() { return smp::Cpus{1} << arch::Cpu::cpu_local().index; }

[[noreturn]] void stop_here() {
  stopped.fetch_or(own_bit(), std::memory_order_release);
  arch::Cpu::halt();
}

void on_interrupt(void*) { stop_here(); }

}  // namespace

Result<void> smp::connect_stop() {
  const std::uint32_t line = irq::line_of(irq::Message::kStop);
  TRY(irq::root().connect(line, irq::Trigger::kEdgeRising, on_interrupt, nullptr));
  irq::root().unmask(line);
  return {};
}

void shutdown::stop_other_cpus() {
  const std::uint32_t self = arch::Cpu::cpu_local().index + 1;
  std::uint32_t nobody = 0;
  if (!stopper.compare_exchange_strong(nobody, self)) {
    if (nobody != self) stop_here();
    return;
  }
  const smp::Cpus others = smp::running() & ~own_bit();
  for (smp::Cpus left = others; left != 0; left &= left - 1) {
    irq::send(irq::Message::kStop, static_cast<std::uint32_t>(std::countr_zero(left)));
  }
  for (unsigned i = 0; i < kPatience; ++i) {
    if ((others & ~stopped.load(std::memory_order_acquire)) == 0) return;
    arch::Cpu::relax();
  }
}

}  // namespace atl
