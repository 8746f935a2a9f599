// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/pvclock.hpp>
#include <atoll/xen/pages.hpp>
#include <atoll/xen/time.hpp>

namespace atl::xen {

namespace {

const volatile pvclock::TimeInfo& time_info() {
  return reinterpret_cast<const volatile pvclock::TimeInfo&>(
      shared()->cpus[arch::Cpu::cpu_local().index].time);
}

}  // namespace

// Xen keeps the times of all CPUs together (xen/docs/misc/xen-command-line.pandoc,
// tsc): what one thread reads on two of them does not go back.
Nanoseconds system_time() { return pvclock::read(time_info(), arch::Cpu::cycle_counter).time; }

std::uint64_t counter_frequency() {
  const volatile pvclock::TimeInfo& info = time_info();
  return pvclock::counter_frequency(info.multiplier, info.shift);
}

}  // namespace atl::xen
