// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <array>
#include <atoll/arch.hpp>
#include <atoll/arch/cpuid.hpp>
#include <atoll/arch/registers.hpp>
#include <atoll/clock.hpp>
#include <atoll/irq.hpp>
#include <atoll/lapic.hpp>
#include <atoll/result.hpp>
#include <atoll/timer_provider.hpp>
#include <atoll/tsc.hpp>

#include "tick_rate.hpp"

namespace atl {
namespace {

using arch::Cpuid;
using lapic::Register;

constexpr std::uint32_t kVector = 240;
constexpr std::uint32_t kDeadlineMsr = 0x6e0;      // Intel SDM 3A §11.5.4.1
constexpr std::uint32_t kDeadlineMode = 2u << 17;  // §11.5.1, LVT timer register
constexpr std::uint32_t kDivideBy16 = 3;           // §11.5.4

constinit bool uses_deadline = false;

// One-shot counting, per CPU; touched with interrupts masked.
struct Countdown {
  timer::TickRate rate;
  Nanoseconds started;
  std::uint32_t ticks;  // 0: not running
};
constinit std::array<Countdown, kMaxCpus> countdowns{};

Countdown& own_countdown() { return countdowns[arch::Cpu::cpu_local().index]; }

// Learns from a countdown that runs or has run out.
void learn(Countdown& countdown) {
  if (countdown.ticks == 0) return;
  const std::uint32_t left = lapic::read(Register::kCurrentCount);
  countdown.rate.observe(countdown.ticks - std::min(left, countdown.ticks),
                         clock::now() - countdown.started);
}

void on_interrupt(void* /*context*/) {
  if (!uses_deadline) {
    Countdown& countdown = own_countdown();
    learn(countdown);
    countdown.ticks = 0;
  }
  timer::expired();
}

// What a hypervisor says of the bus clock (Linux
// Documentation/virt/kvm/x86/cpuid.rst, leaf 40000010H: kHz), 0 without a word.
std::uint64_t told_bus_clock() {
  if (!arch::feature::kHypervisor.present()) return 0;
  return Cpuid::read_checked(0x4000'0010).ebx * 1000ull;
}

}  // namespace

Result<void> timer_lapic_init_cpu() {
  lapic::write(Register::kTimer, kVector | (uses_deadline ? kDeadlineMode : 0));
  if (uses_deadline) {
    // §11.5.4.1: where the mode was set by a store, the first deadline must not
    // overtake it.
    asm volatile("mfence" ::: "memory");
    return {};
  }
  lapic::write(Register::kDivide, kDivideBy16);
  if (const std::uint64_t hz = told_bus_clock(); hz != 0) own_countdown().rate.set(hz / 16);
  return {};
}

Result<void> timer_lapic_init() {
  uses_deadline = arch::feature::kTscDeadline.present();
  TRY(irq::root().connect(kVector, irq::Trigger::kEdgeRising, on_interrupt, nullptr));
  irq::root().unmask(kVector);
  return timer_lapic_init_cpu();
}

namespace timer {

void program(Nanoseconds remaining) {
  if (uses_deadline) return arch::write_msr(kDeadlineMsr, tsc::reading_after(remaining));
  Countdown& countdown = own_countdown();
  learn(countdown);
  countdown.ticks = countdown.rate.ticks(remaining);
  countdown.started = clock::now();
  lapic::write(Register::kInitialCount, countdown.ticks);
}

void cancel() {
  if (uses_deadline) return arch::write_msr(kDeadlineMsr, 0);
  Countdown& countdown = own_countdown();
  learn(countdown);
  countdown.ticks = 0;
  lapic::write(Register::kInitialCount, 0);
}

}  // namespace timer
}  // namespace atl
