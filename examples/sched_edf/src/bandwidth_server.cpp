// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <atoll/bandwidth_server.hpp>

namespace atl::sched {

Result<Reservation> Reservation::create(Nanoseconds runtime, Nanoseconds deadline,
                                        Nanoseconds period) {
  if (period.count == 0) period = deadline;
  const bool possible = runtime >= kLeastRuntime && runtime <= deadline && deadline <= period &&
                        period >= kLeastPeriod && period <= kLongestPeriod;
  if (!possible) return fail(Errc::kInvalidArgument);
  return Reservation{runtime, deadline, period};
}

Density Reservation::density() const {
  return ((runtime.count << kDensityBits) + deadline.count - 1) / deadline.count;
}

Result<void> Bandwidth::exchange(Density old, Density wanted) {
  const Density sum = promised_ - old + wanted;
  if (wanted > old && sum > limit_) return fail(Errc::kBusy);
  promised_ = sum;
  return {};
}

void BandwidthServer::reserve(const Reservation& reservation, Nanoseconds now) {
  // The same again must not be a way to fresh runtime.
  if (reservation == reservation_) return;
  reservation_ = reservation;
  density_ = reservation.density();
  const auto runtime = static_cast<std::int64_t>(reservation.runtime.count);
  left_ = std::clamp(left_, -runtime, runtime);
  wake(now);
}

void BandwidthServer::begin_period(Nanoseconds at) {
  deadline_ = at + reservation_.deadline;
  next_period_ = at + reservation_.period;
}

void BandwidthServer::wake(Nanoseconds now) {
  if (now < deadline_) {
    // To use what is left by the deadline must not take more of the CPU than was promised.
    const auto most = static_cast<std::int64_t>((deadline_ - now).count * density_ >> kDensityBits);
    if (left_ <= most) return;
    if (now < next_period_ && reservation_.deadline < reservation_.period) {
      left_ = most;
      return;
    }
  } else if (now < next_period_) {
    // Between a deadline and the next period there is nothing to be had.
    end_job();
    return;
  }
  begin_period(now);
  left_ = static_cast<std::int64_t>(reservation_.runtime.count);
}

void BandwidthServer::charge(Nanoseconds used) {
  // A debt of more than one runtime would be the machine's fault, which stood still.
  const auto runtime = static_cast<std::int64_t>(reservation_.runtime.count);
  const auto most = static_cast<std::uint64_t>(left_ + runtime);
  left_ -= static_cast<std::int64_t>(std::min(used.count, most));
}

void BandwidthServer::replenish(Nanoseconds now) {
  const auto runtime = static_cast<std::int64_t>(reservation_.runtime.count);
  do {
    begin_period(next_period_);
    left_ += runtime;
  } while (left_ <= 0);
  if (deadline_ > now) return;
  // It comes too late for that period.
  begin_period(now);
  left_ = runtime;
}

}  // namespace atl::sched
