// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// POSIX.1-2017 clock_getres(), gettimeofday(), clock(), times(); ISO C17 timespec_get(); Linux
// man-pages clock_gettime(2), settimeofday(2).

#include <atoll/clock.hpp>
#include <atoll/libc.hpp>
#include <atoll/libc_types.hpp>

namespace {

using atl::Errc;
using atl::Nanoseconds;
using atl::libc::fail_with;
using atl::libc::Times;
using atl::libc::Timespec;
using atl::libc::Timeval;

constexpr std::int64_t kPerSecond = 1'000'000'000;
// What fits Nanoseconds: until the year 2554.
constexpr std::int64_t kLastSecond = static_cast<std::int64_t>(UINT64_MAX / kPerSecond) - 1;

Timespec to_timespec(Nanoseconds time) {
  return {static_cast<std::int64_t>(time.count / kPerSecond),
          static_cast<std::int64_t>(time.count % kPerSecond)};
}

Nanoseconds realtime() {
  const auto known = atl::clock::realtime();
  return known.ok() ? known.value() : atl::clock::now();
}

/// The reading of `clock` in `now`; false for a clock that there is not.
bool read(int clock, Nanoseconds& now) {
  switch (clock) {
    case atl::libc::kRealtime:
    case atl::libc::kRealtimeCoarse:
      now = realtime();
      return true;
    case atl::libc::kMonotonic:
    case atl::libc::kMonotonicRaw:
    case atl::libc::kMonotonicCoarse:
    case atl::libc::kBootTime:
    case atl::libc::kProcessCpuTime:
      now = atl::clock::now();
      return true;
    default:
      return false;
  }
}

int set_realtime(std::int64_t seconds, std::int64_t nanoseconds) {
  if (seconds < 0 || seconds > kLastSecond || nanoseconds < 0 || nanoseconds >= kPerSecond) {
    return fail_with(Errc::kInvalidArgument);
  }
  atl::clock::set_realtime({static_cast<std::uint64_t>(seconds * kPerSecond + nanoseconds)});
  return 0;
}

}  // namespace

extern "C" {

int clock_gettime(int clock, Timespec* out) {
  Nanoseconds now;
  if (!read(clock, now)) return fail_with(Errc::kInvalidArgument);
  *out = to_timespec(now);
  return 0;
}

int clock_getres(int clock, Timespec* out) {
  Nanoseconds ignored;
  if (!read(clock, ignored)) return fail_with(Errc::kInvalidArgument);
  if (out != nullptr) *out = to_timespec(atl::clock::resolution());
  return 0;
}

int clock_settime(int clock, const Timespec* time) {
  if (clock != atl::libc::kRealtime) return fail_with(Errc::kInvalidArgument);
  return set_realtime(time->seconds, time->nanoseconds);
}

int gettimeofday(Timeval* out, void*) {
  if (out == nullptr) return 0;
  const Timespec now = to_timespec(realtime());
  *out = {now.seconds, now.nanoseconds / 1'000};
  return 0;
}

int settimeofday(const Timeval* time, const void*) {
  if (time == nullptr) return 0;
  if (time->microseconds < 0 || time->microseconds >= 1'000'000) {
    return fail_with(Errc::kInvalidArgument);
  }
  return set_realtime(time->seconds, time->microseconds * 1'000);
}

// ISO C17 §7.27.2.5: 0 for a base that there is not.
int timespec_get(Timespec* out, int base) {
  constexpr int kUtc = 1;
  if (base != kUtc) return 0;
  *out = to_timespec(realtime());
  return base;
}

// In units of CLOCKS_PER_SEC, which is a million.
long clock() { return static_cast<long>(atl::clock::now().count / 1'000); }

// In the same units, which sysconf(_SC_CLK_TCK) tells; all time is the program's.
long times(Times* out) {
  const long now = clock();
  *out = {.user = now, .system = 0, .children_user = 0, .children_system = 0};
  return now;
}

}  // extern "C"
