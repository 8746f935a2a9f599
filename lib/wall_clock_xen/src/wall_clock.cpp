// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/arch/virtual_timer.hpp>
#include <atoll/clock.hpp>
#include <atoll/tick_scale.hpp>
#include <atoll/xen/time.hpp>

namespace atl {

Result<void> wall_clock_xen_init() {
  const auto start = xen::wall_clock_start();
  if (!start.ok()) return {};  // no date is no reason not to run
  const auto to_time = TickScale::between(arch::VirtualTimer::frequency(), kNanosecondsPerSecond);
  clock::set_realtime(start.value() + Nanoseconds{to_time.apply(arch::Cpu::cycle_counter())});
  return {};
}

}  // namespace atl
