// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

/// Types and numbers that POSIX functions exchange with programs, the same for
/// every libc and for unmodified Linux programs: those of Linux on 64-bit
/// architectures (the kernel's uapi headers), without a libc's headers.
namespace atl::libc {

/// struct timespec.
struct Timespec {
  std::int64_t seconds;
  std::int64_t nanoseconds;
};

/// struct timeval.
struct Timeval {
  std::int64_t seconds;
  std::int64_t microseconds;
};

/// struct tms.
struct Times {
  long user;
  long system;
  long children_user;
  long children_system;
};

/// clockid_t (linux/time.h).
enum Clock : int {
  kRealtime = 0,
  kMonotonic = 1,
  kProcessCpuTime = 2,
  kThreadCpuTime = 3,
  kMonotonicRaw = 4,
  kRealtimeCoarse = 5,
  kMonotonicCoarse = 6,
  kBootTime = 7,
};

/// TIMER_ABSTIME of clock_nanosleep().
inline constexpr int kAbsoluteTime = 1;

}  // namespace atl::libc
