// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/clock.hpp>
#include <atoll/clock_provider.hpp>
#include <atoll/timekeeping.hpp>
#include <atoll/tsc.hpp>
#include <atoll/xen/pages.hpp>
#include <atoll/xen/time.hpp>

namespace atl {
namespace {

constinit Nanoseconds start;

}  // namespace

Result<void> clock_xen_init() {
  if (xen::shared() == nullptr) return fail(Errc::kNoDevice);
  start = xen::system_time();
  tsc::set_frequency(xen::counter_frequency());
  return {};
}

namespace clock {

Nanoseconds now() { return timekeeping::never_back(xen::system_time()) - start; }

Result<Nanoseconds> read_wall_clock() { return TRY(xen::wall_clock_start()) + xen::system_time(); }

Nanoseconds tick() { return {1}; }

}  // namespace clock
}  // namespace atl
