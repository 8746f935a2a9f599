// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <atoll/arch.hpp>
#include <atoll/arch/virtual_timer.hpp>
#include <atoll/device_tree.hpp>
#include <atoll/irq.hpp>
#include <atoll/irq_device_tree.hpp>
#include <atoll/tick_scale.hpp>
#include <atoll/timer_provider.hpp>

namespace atl {
namespace {

constinit TickScale from_time;
constinit std::uint32_t line = 0;
constinit bool connected = false;

// The line is a level: it stays up until the timer is silenced.
void on_interrupt(void* /*context*/) {
  arch::VirtualTimer::silence();
  timer::expired();
}

}  // namespace

Result<void> timer_armgeneric_probe(const device_tree::Device& node) {
  // Binding arm,arch_timer.yaml: secure, non-secure, virtual, hypervisor.
  constexpr std::size_t kVirtual = 2;
  const irq::TreeLine found = TRY(irq::line_of(node, kVirtual));
  TRY(irq::root().connect(found.line, found.trigger, on_interrupt, nullptr));
  line = found.line;
  connected = true;
  return {};
}

Result<void> timer_armgeneric_init_cpu() {
  arch::VirtualTimer::silence();
  irq::root().unmask(line);
  return {};
}

Result<void> timer_armgeneric_init() {
  const std::uint64_t hz = arch::VirtualTimer::frequency();
  if (!connected || hz == 0) return fail(Errc::kNoDevice);
  from_time = TickScale::between(kNanosecondsPerSecond, hz);
  return timer_armgeneric_init_cpu();
}

namespace timer {

void program(Nanoseconds remaining) {
  // Far enough ahead to lose nothing, near enough not to overflow.
  constexpr Nanoseconds kFurthest = 3600_s;
  const std::uint64_t ticks = from_time.apply_up(std::min(remaining, kFurthest).count);
  arch::VirtualTimer::fire_at(arch::Cpu::cycle_counter() + (remaining.count == 0 ? 0 : ticks));
}

void cancel() { arch::VirtualTimer::silence(); }

}  // namespace timer
}  // namespace atl
