// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <atoll/arch.hpp>
#include <atoll/arch/virtual_timer.hpp>
#include <atoll/clock.hpp>
#include <atoll/clock_provider.hpp>
#include <atoll/device_tree.hpp>
#include <atoll/mmio.hpp>
#include <atoll/tick_scale.hpp>
#include <atoll/vm.hpp>

namespace atl {
namespace {

constinit TickScale to_time;
constinit std::uint64_t start = 0;
// Of a PL031; base 0: there is none.
constinit Mmio rtc;

}  // namespace

Result<void> clock_armgeneric_init() {
  const std::uint64_t hz = arch::VirtualTimer::frequency();
  constexpr std::uint64_t kSlowest = 1'000, kFastest = 100'000'000'000;
  if (hz < kSlowest || hz > kFastest) return fail(Errc::kNoDevice);
  to_time = TickScale::between(hz, kNanosecondsPerSecond);
  start = arch::Cpu::cycle_counter();
  return {};
}

Result<void> clock_armgeneric_probe_pl031(const device_tree::Device& node) {
  const PhysRange registers = TRY(node.reg(0));
  if (registers.size < sizeof(std::uint32_t)) return fail(Errc::kBadMessage);
  rtc = Mmio{TRY(vm::map_device({registers.start, sizeof(std::uint32_t)}))};
  return {};
}

namespace clock {

// One counter for the whole system, which all CPUs see run forward (Arm ARM
// D11.1.2): nothing has to keep it from going back.
Nanoseconds now() { return {to_time.apply(arch::Cpu::cycle_counter() - start)}; }

// Arm DDI 0224C §3.3.1: RTCDR counts seconds.
Result<Nanoseconds> read_wall_clock() {
  if (rtc.base().value() == 0) return fail(Errc::kNoData);
  constexpr std::uint64_t kData = 0;
  return Nanoseconds{rtc.read<std::uint32_t>(kData) * kNanosecondsPerSecond};
}

Nanoseconds tick() {
  return {std::max<std::uint64_t>(1, kNanosecondsPerSecond / arch::VirtualTimer::frequency())};
}

}  // namespace clock
}  // namespace atl
