// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Linux man-pages nanosleep(2), clock_nanosleep(2), sleep(3), usleep(3).

#include <atoll/clock.hpp>
#include <atoll/deadline.hpp>
#include <atoll/libc.hpp>
#include <atoll/libc_types.hpp>
#include <atoll/posix/interruption.hpp>
#include <atoll/sched.hpp>

namespace {

using atl::Errc;
using atl::Nanoseconds;
using atl::libc::fail_with;
using atl::libc::Timespec;

constexpr std::uint64_t kPerSecond = 1'000'000'000;

bool is_valid(const Timespec& time) {
  return time.seconds >= 0 && time.nanoseconds >= 0 &&
         static_cast<std::uint64_t>(time.nanoseconds) < kPerSecond;
}

/// What does not fit is the longest time that does, 584 years.
Nanoseconds to_nanoseconds(const Timespec& time) {
  std::uint64_t count = 0;
  if (__builtin_mul_overflow(static_cast<std::uint64_t>(time.seconds), kPerSecond, &count) ||
      __builtin_add_overflow(count, static_cast<std::uint64_t>(time.nanoseconds), &count)) {
    count = UINT64_MAX;
  }
  return {count};
}

Nanoseconds remaining(Nanoseconds until, Nanoseconds now) {
  return until > now ? until - now : Nanoseconds{};
}

/// Sleeps for `duration`, a cancellation point; kInterrupted tells in `left` what was left
/// of it. No sleep is begun anew (nanosleep(2), signal(7)).
atl::Result<void> sleep_for(Nanoseconds duration, Nanoseconds& left) {
  atl::posix::cancellation_point();
  const Nanoseconds begin = atl::clock::now();
  const atl::Deadline end = atl::deadline::after(duration);
  while (true) {
    const atl::Result<void> done = atl::sched::sleep_until(end);
    left = remaining(duration, atl::clock::now() - begin);
    if (done.ok() || atl::posix::interrupted() != atl::posix::Acted::kNothing) return done;
  }
}

/// How long it is until `moment` on `clock`; false for a clock without sleeping.
bool until(int clock, Nanoseconds moment, Nanoseconds& duration) {
  Nanoseconds now = atl::clock::now();
  if (clock == atl::libc::kRealtime) {
    const auto realtime = atl::clock::realtime();
    if (realtime.ok()) now = realtime.value();
  } else if (clock != atl::libc::kMonotonic && clock != atl::libc::kBootTime) {
    return false;
  }
  duration = remaining(moment, now);
  return true;
}

}  // namespace

extern "C" {

// Returns the error's number instead of setting errno.
int clock_nanosleep(int clock, int flags, const Timespec* request, Timespec* rest) {
  Nanoseconds duration;
  if (!is_valid(*request) || !until(clock, to_nanoseconds(*request), duration)) {
    return static_cast<int>(Errc::kInvalidArgument);
  }
  const bool absolute = (flags & atl::libc::kAbsoluteTime) != 0;
  if (!absolute) duration = to_nanoseconds(*request);
  Nanoseconds left;
  const auto done = sleep_for(duration, left);
  if (done.ok()) return 0;
  if (!absolute && rest != nullptr) {
    *rest = {static_cast<std::int64_t>(left.count / kPerSecond),
             static_cast<std::int64_t>(left.count % kPerSecond)};
  }
  return static_cast<int>(done.error());
}

int nanosleep(const Timespec* request, Timespec* rest) {
  const int error = clock_nanosleep(atl::libc::kMonotonic, 0, request, rest);
  return error == 0 ? 0 : fail_with(Errc{error});
}

// The whole seconds that are left when it was interrupted, rounded up.
unsigned sleep(unsigned seconds) {
  Nanoseconds left;
  if (sleep_for({seconds * kPerSecond}, left).ok()) return 0;
  return static_cast<unsigned>((left.count + kPerSecond - 1) / kPerSecond);
}

int usleep(unsigned long microseconds) {
  const Timespec request{static_cast<std::int64_t>(microseconds / 1'000'000),
                         static_cast<std::int64_t>(microseconds % 1'000'000 * 1'000)};
  return nanosleep(&request, nullptr);
}

}  // extern "C"
