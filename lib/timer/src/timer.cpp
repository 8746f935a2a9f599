// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/arch.hpp>
#include <atoll/clock.hpp>
#include <atoll/timer.hpp>
#include <atoll/timer_provider.hpp>
#include <atomic>

namespace atl::timer {
namespace {

constexpr Nanoseconds kNever{~std::uint64_t{0}};

// Each CPU touches its own only, with interrupts masked.
struct Deadlines {
  constexpr Deadlines() { of_cpu.fill(kNever); }
  std::array<Nanoseconds, kMaxCpus> of_cpu;
};
constinit Deadlines deadlines;
constinit std::atomic<Handler> handler{nullptr};

Nanoseconds& own_deadline() { return deadlines.of_cpu[arch::Cpu::cpu_local().index]; }

Nanoseconds until(Nanoseconds deadline) {
  const Nanoseconds now = clock::now();
  return deadline > now ? deadline - now : Nanoseconds{0};
}

}  // namespace

Handler set_handler(Handler function) { return handler.exchange(function); }

void arm(Nanoseconds deadline) {
  const auto state = arch::Cpu::disable_interrupts();
  own_deadline() = deadline;
  program(until(deadline));
  arch::Cpu::restore_interrupts(state);
}

void disarm() {
  const auto state = arch::Cpu::disable_interrupts();
  own_deadline() = kNever;
  cancel();
  arch::Cpu::restore_interrupts(state);
}

void expired() {
  Nanoseconds& deadline = own_deadline();
  // Disarmed while the interrupt was already on its way.
  if (deadline == kNever) return;
  if (const Nanoseconds remaining = until(deadline); remaining.count != 0) {
    program(remaining);
    return;
  }
  deadline = kNever;
  if (const Handler function = handler.load(std::memory_order_acquire)) function();
}

}  // namespace atl::timer
