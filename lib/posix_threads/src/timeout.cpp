// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/clock.hpp>
#include <atoll/deadline.hpp>
#include <atoll/posix/timeout.hpp>

namespace atl::posix {
namespace {

constexpr std::uint64_t kPerSecond = 1'000'000'000;

// What does not fit is the end of time.
Nanoseconds to_nanoseconds(const libc::Timespec& moment) {
  if (moment.seconds < 0) return {0};
  std::uint64_t count = 0;
  if (__builtin_mul_overflow(static_cast<std::uint64_t>(moment.seconds), kPerSecond, &count) ||
      __builtin_add_overflow(count, static_cast<std::uint64_t>(moment.nanoseconds), &count)) {
    count = UINT64_MAX;
  }
  return {count};
}

}  // namespace

Result<Deadline> deadline_at(int clock, const libc::Timespec& moment) {
  if (moment.nanoseconds < 0 || static_cast<std::uint64_t>(moment.nanoseconds) >= kPerSecond) {
    return fail(Errc::kInvalidArgument);
  }
  const Nanoseconds until = to_nanoseconds(moment);
  if (clock == libc::kMonotonic) return deadline::at(until);
  if (clock != libc::kRealtime) return fail(Errc::kInvalidArgument);
  const auto realtime = clock::realtime();
  const Nanoseconds now = realtime.ok() ? realtime.value() : clock::now();
  return deadline::after(until > now ? until - now : Nanoseconds{});
}

}  // namespace atl::posix
