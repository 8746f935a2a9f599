// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/libc_types.hpp>
#include <atoll/posix/signal_timer.hpp>
#include <atoll/sched.hpp>

#include "result.hpp"

// POSIX.1-2017 alarm(), getitimer(), timer_create() and their kin; Linux man-pages
// setitimer(2), ualarm(3).

using namespace atl::posix;
using namespace atl::posix::door;
using atl::Errc;
using atl::Nanoseconds;
using atl::libc::fail_with;
using atl::libc::Timespec;
using atl::libc::Timeval;

namespace {

constexpr std::uint64_t kPerSecond = 1'000'000'000;
constexpr int kReal = 0;  // ITIMER_REAL

struct IntervalInMicroseconds {
  Timeval interval;
  Timeval value;
};
struct IntervalInNanoseconds {
  Timespec interval;
  Timespec value;
};

// What does not fit is the longest time that does, 584 years.
bool convert(std::int64_t seconds, std::int64_t part, std::int64_t unit, Nanoseconds& out) {
  const auto parts = static_cast<std::int64_t>(kPerSecond) / unit;
  if (seconds < 0 || part < 0 || part >= parts) return false;
  if (__builtin_mul_overflow(static_cast<std::uint64_t>(seconds), kPerSecond, &out.count) ||
      __builtin_add_overflow(out.count, static_cast<std::uint64_t>(part * unit), &out.count)) {
    out.count = UINT64_MAX;
  }
  return true;
}

bool convert(const Timeval& time, Nanoseconds& out) {
  return convert(time.seconds, time.microseconds, 1'000, out);
}
bool convert(const Timespec& time, Nanoseconds& out) {
  return convert(time.seconds, time.nanoseconds, 1, out);
}

// What is left is never 0.
Timeval to_timeval(Nanoseconds time) {
  const std::uint64_t rounded = (time.count + 999) / 1'000;
  return {static_cast<std::int64_t>(rounded / 1'000'000),
          static_cast<std::int64_t>(rounded % 1'000'000)};
}
Timespec to_timespec(Nanoseconds time) {
  return {static_cast<std::int64_t>(time.count / kPerSecond),
          static_cast<std::int64_t>(time.count % kPerSecond)};
}
IntervalInNanoseconds to_interval(const TimerSetting& setting) {
  return {to_timespec(setting.interval), to_timespec(setting.value)};
}
IntervalInMicroseconds to_microseconds(const TimerSetting& setting) {
  return {to_timeval(setting.interval), to_timeval(setting.value)};
}

int give_setting(const atl::Result<TimerSetting>& result, IntervalInNanoseconds* out) {
  if (!result.ok()) return fail_with(result.error());
  if (out != nullptr) *out = to_interval(result.value());
  return 0;
}

}  // namespace

extern "C" {

// The whole seconds that were left, rounded up.
unsigned alarm(unsigned seconds) {
  const TimerSetting before = set_alarm({{}, {seconds * kPerSecond}});
  return static_cast<unsigned>((before.value.count + kPerSecond - 1) / kPerSecond);
}

std::uint32_t ualarm(std::uint32_t microseconds, std::uint32_t interval) {
  const TimerSetting before =
      set_alarm({{std::uint64_t{interval} * 1'000}, {std::uint64_t{microseconds} * 1'000}});
  return static_cast<std::uint32_t>((before.value.count + 999) / 1'000);
}

int getitimer(int which, IntervalInMicroseconds* out) {
  if (which != kReal) return fail_with(Errc::kInvalidArgument);
  *out = to_microseconds(alarm_setting());
  return 0;
}

int setitimer(int which, const IntervalInMicroseconds* wanted, IntervalInMicroseconds* before) {
  TimerSetting setting{};
  if (which != kReal || !convert(wanted->interval, setting.interval) ||
      !convert(wanted->value, setting.value)) {
    return fail_with(Errc::kInvalidArgument);
  }
  const TimerSetting old = set_alarm(setting);
  if (before != nullptr) *before = to_microseconds(old);
  return 0;
}

int timer_create(int clock, const SignalEvent* event, unsigned long* timer) {
  SignalEvent usual{.signal = kSigAlrm};
  const auto made = create_timer(clock, event != nullptr ? *event : usual);
  if (!made.ok()) return fail_with(made.error());
  *timer = made.value();
  return 0;
}

int timer_delete(unsigned long timer) { return give(delete_timer(static_cast<TimerId>(timer))); }

int timer_settime(unsigned long timer, int flags, const IntervalInNanoseconds* wanted,
                  IntervalInNanoseconds* before) {
  TimerSetting setting{};
  if (wanted == nullptr || !convert(wanted->interval, setting.interval) ||
      !convert(wanted->value, setting.value)) {
    return fail_with(Errc::kInvalidArgument);
  }
  const bool absolute = (flags & atl::libc::kAbsoluteTime) != 0;
  return give_setting(set_timer(static_cast<TimerId>(timer), absolute, setting), before);
}

int timer_gettime(unsigned long timer, IntervalInNanoseconds* out) {
  return give_setting(timer_setting(static_cast<TimerId>(timer)), out);
}

int timer_getoverrun(unsigned long timer) {
  const auto known = timer_overrun(static_cast<TimerId>(timer));
  return known.ok() ? known.value() : fail_with(known.error());
}

// What SIGEV_THREAD_ID names (gettid(2)).
int gettid() { return static_cast<int>(atl::sched::current().id()); }

}  // extern "C"
