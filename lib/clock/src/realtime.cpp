// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/clock.hpp>
#include <atoll/clock_provider.hpp>
#include <atomic>
#include <cstdint>

namespace atl::clock {
namespace {

// realtime() minus now(), modulo 2^64: a date before the boot is a large
// number. One word, so that a reader never sees half of a change. The value
// that stands for "not known yet" is a difference of 584 years.
constexpr std::uint64_t kUnknown = ~std::uint64_t{0};
constinit std::atomic<std::uint64_t> offset{kUnknown};

}  // namespace

Result<Nanoseconds> realtime() {
  std::uint64_t known = offset.load(std::memory_order_relaxed);
  if (known == kUnknown) {
    const Nanoseconds wall = TRY(read_wall_clock());
    const std::uint64_t found = wall.count - now().count;
    // Somebody who sets the time meanwhile knows better than the RTC.
    if (offset.compare_exchange_strong(known, found, std::memory_order_relaxed)) known = found;
  }
  return Nanoseconds{now().count + known};
}

void set_realtime(Nanoseconds since_epoch) {
  offset.store(since_epoch.count - now().count, std::memory_order_relaxed);
}

Nanoseconds resolution() { return tick(); }

}  // namespace atl::clock
