// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <atoll/types.hpp>
#include <cstdint>

/// The arithmetic of earliest deadline first with reservations (Liu and Layland, 1973) that
/// nobody can overrun: the constant bandwidth server (Abeni and Buttazzo, 1998), as sched(7)
/// of Linux, SCHED_DEADLINE, has it. It knows no thread and no clock. No context, no lock:
/// the caller's.
namespace atl::sched {

/// A part of the CPU; kOne is all of it.
using Density = std::uint64_t;
inline constexpr unsigned kDensityBits = 20;
inline constexpr Density kOne = Density{1} << kDensityBits;

/// So much CPU time in each period, before a deadline after the period's begin.
struct Reservation {
  /// Less would be spent on switching alone (sched(7): at least 1024 nanoseconds).
  static constexpr Nanoseconds kLeastRuntime{1024};
  /// As the kernel's sched_deadline_period_min_us: shorter ones would do nothing but switch.
  static constexpr Nanoseconds kLeastPeriod = 100_us;
  /// So that every product fits into 64 bits; 73 minutes.
  static constexpr Nanoseconds kLongestPeriod{std::uint64_t{1} << 42};

  Nanoseconds runtime;
  Nanoseconds deadline;
  Nanoseconds period;

  /// With 0 for `period` it is `deadline`. kInvalidArgument unless
  /// kLeastRuntime <= runtime <= deadline <= period, the period between its bounds.
  static Result<Reservation> create(Nanoseconds runtime, Nanoseconds deadline, Nanoseconds period);

  /// What the CPU must keep for it, rounded up. Where these add up to kOne at most, no
  /// deadline is missed on one CPU, also where deadlines are shorter than periods.
  [[nodiscard]] Density density() const;
  constexpr bool operator==(const Reservation&) const = default;
};

/// What has been promised of the CPU.
class Bandwidth {
 public:
  constexpr explicit Bandwidth(Density limit) : limit_(limit) {}

  /// Takes back `old` and promises `wanted`. kBusy, and nothing has changed, where that is
  /// more than the CPU has; never where it is less than before.
  Result<void> exchange(Density old, Density wanted);
  [[nodiscard]] Density promised() const { return promised_; }

 private:
  Density limit_;
  Density promised_ = 0;
};

/// One reservation in use: the deadline by which its owner is ordered, and what is left of
/// its runtime until the next period. All zero: none.
class BandwidthServer {
 public:
  /// From now on `reservation`. What was used of one before in the period that runs counts.
  void reserve(const Reservation& reservation, Nanoseconds now);
  void cancel() { reservation_ = {}; }

  [[nodiscard]] bool active() const { return reservation_.runtime.count != 0; }
  [[nodiscard]] const Reservation& reservation() const { return reservation_; }
  [[nodiscard]] Density density() const { return density_; }

  /// By when the running job is to be done.
  [[nodiscard]] Nanoseconds deadline() const { return deadline_; }
  /// When there is runtime again.
  [[nodiscard]] Nanoseconds next_period() const { return next_period_; }
  [[nodiscard]] bool exhausted() const { return left_ <= 0; }
  [[nodiscard]] Nanoseconds left() const {
    return {exhausted() ? 0 : static_cast<std::uint64_t>(left_)};
  }

  /// Its owner was not ready, and now is: a new job, unless it could not be told from the
  /// last one that goes on. May leave it exhausted.
  void wake(Nanoseconds now);
  /// Its owner has run for so long.
  void charge(Nanoseconds used);
  /// The rest of the runtime is given up.
  void end_job() { left_ = left_ > 0 ? 0 : left_; }
  /// next_period() has come: the next job.
  void replenish(Nanoseconds now);

 private:
  void begin_period(Nanoseconds at);

  Reservation reservation_;
  Density density_ = 0;
  Nanoseconds deadline_;
  Nanoseconds next_period_;
  std::int64_t left_ = 0;  // negative: what was used beyond the reservation
};

}  // namespace atl::sched
