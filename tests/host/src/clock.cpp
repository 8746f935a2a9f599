// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "fake_time.hpp"

#include <atoll/clock.hpp>

namespace atl::clock {

Nanoseconds now() { return host::fake_time().now; }

Result<Nanoseconds> realtime() {
  if (!host::fake_time().realtime_known) return fail(Errc::kNoData);
  return host::fake_time().realtime_at_zero + now();
}

void set_realtime(Nanoseconds since_epoch) {
  host::fake_time().realtime_at_zero = since_epoch - now();
  host::fake_time().realtime_known = true;
}

Nanoseconds resolution() { return 1_ns; }

}  // namespace atl::clock
