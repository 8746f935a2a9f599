// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <atoll/clock.hpp>
#include <atoll/deadline.hpp>
#include <atoll/late.hpp>
#include <atoll/libc_types.hpp>
#include <atoll/posix/signal_timer.hpp>
#include <utility>

#include "state.hpp"

// The callback of a timer takes no lock that is held while it is cancelled; what it reads
// changes only between cancel() and arm().
namespace atl::posix {
namespace {

constinit Notifier notifier{};

struct SignalTimer : Timer {
  SignalTimer() : Timer(expire) { signal.owned = true; }
  static void expire(Timer& timer) { static_cast<SignalTimer&>(timer).expire(); }

  void expire();
  void stop() {
    deadline::cancel(*this);
    next.store(0, std::memory_order_relaxed);
  }
  void start(Nanoseconds moment, Nanoseconds every);
  [[nodiscard]] TimerSetting setting() const;

  QueuedSignal signal;
  void* notification = nullptr;  // what the notifier has prepared
  bool used = false;
  bool sends = true;
  int clock = 0;
  std::uint32_t thread = 0;                 // 0: to the process
  std::atomic<std::uint64_t> next = 0;      // on clock::now()'s clock; 0: not armed
  std::atomic<std::uint64_t> interval = 0;  // ns; 0: once
};

void SignalTimer::expire() {
  int missed = 0;
  const std::uint64_t every = interval.load(std::memory_order_relaxed);
  if (every == 0) {
    next.store(0, std::memory_order_relaxed);
  } else {
    std::uint64_t moment = next.load(std::memory_order_relaxed) + every;
    while (!deadline::arm(*this, Nanoseconds{moment})) {
      const std::uint64_t late = (clock::now().count - moment) / every + 1;
      moment += late * every;
      missed += static_cast<int>(std::min<std::uint64_t>(late, 1'000'000));
    }
    next.store(moment, std::memory_order_relaxed);
  }
  if (!sends) return;
  if (notification != nullptr) {
    int& overrun = signal.info.timer.overrun;
    overrun = notifier.notify(notification) ? missed
                                            : std::min(overrun + missed + 1, INT32_MAX - 1'000'001);
    return;
  }
  signals().with([&](SharedSignals&) {
    int& overrun = signal.info.timer.overrun;
    overrun = signal.queued ? std::min(overrun + missed + 1, INT32_MAX - 1'000'001) : missed;
  });
  send_owned(signal, thread);
}

void SignalTimer::start(Nanoseconds moment, Nanoseconds every) {
  interval.store(every.count, std::memory_order_relaxed);
  next.store(moment.count, std::memory_order_relaxed);
  if (deadline::arm(*this, moment)) return;
  const auto state = arch::Cpu::disable_interrupts();
  expire(*this);
  arch::Cpu::restore_interrupts(state);
}

TimerSetting SignalTimer::setting() const {
  const std::uint64_t moment = next.load(std::memory_order_relaxed);
  if (moment == 0) return {{interval.load(std::memory_order_relaxed)}, {0}};
  const std::uint64_t now = clock::now().count;
  return {{interval.load(std::memory_order_relaxed)}, {moment > now ? moment - now : 1}};
}

struct Timers {
  SignalTimer alarm;
  std::array<SignalTimer, kMostTimers> created;
};
constinit Late<Timers> timers;
constinit IrqSpinLock lock;  // who may set which timer

Result<SignalTimer*> find(TimerId id) {
  if (id == 0 || id > kMostTimers) return fail(Errc::kInvalidArgument);
  SignalTimer& timer = timers->created[id - 1];
  if (!timer.used) return fail(Errc::kInvalidArgument);
  return &timer;
}

Nanoseconds sum(Nanoseconds left, Nanoseconds right) {
  constexpr Nanoseconds kEnd{UINT64_MAX - 1};
  return right > kEnd - left ? kEnd : left + right;
}

Nanoseconds moment_of(int clock, bool absolute, Nanoseconds value) {
  const Nanoseconds now = clock::now();
  if (!absolute) return sum(now, value);
  if (clock != libc::kRealtime) return value;
  const auto realtime = clock::realtime();
  const Nanoseconds date = realtime.ok() ? realtime.value() : now;
  return value > date ? sum(now, value - date) : now;
}

TimerSetting set(SignalTimer& timer, bool absolute, const TimerSetting& wanted) {
  const TimerSetting before = timer.setting();
  timer.stop();
  timer.interval.store(wanted.interval.count, std::memory_order_relaxed);
  if (wanted.value.count != 0) {
    timer.start(moment_of(timer.clock, absolute, wanted.value), wanted.interval);
  }
  return before;
}

bool is_thread(std::uint32_t id) {
  struct Search {
    std::uint32_t id;
    bool found;
  } search{id, false};
  sched::for_each(
      [](Thread& thread, void* context) {
        auto& wanted = *static_cast<Search*>(context);
        wanted.found = wanted.found || thread.id() == wanted.id;
      },
      &search);
  return search.found;
}

Result<TimerId> take_timer(int clock, const SignalEvent& event, void* notification) {
  const Guard guard{lock};
  for (TimerId id = 1; id <= kMostTimers; ++id) {
    SignalTimer& timer = timers->created[id - 1];
    if (timer.used) continue;
    timer.used = true;
    timer.sends = event.notify != kNotifyNone;
    timer.notification = notification;
    timer.clock = clock;
    timer.thread = event.notify == kNotifyThread ? event.thread : 0;
    timer.interval.store(0, std::memory_order_relaxed);
    timer.signal.info = signal_info(event.signal, kFromTimer);
    timer.signal.info.timer = {.id = static_cast<int>(id), .overrun = 0, .value = event.value};
    return id;
  }
  return fail(Errc::kTryAgain);
}

bool is_clock(int clock) {
  return clock == libc::kRealtime || clock == libc::kMonotonic || clock == libc::kBootTime;
}

}  // namespace

Result<TimerId> create_timer(int clock, const SignalEvent& event) {
  if (!is_clock(clock)) return fail(Errc::kInvalidArgument);
  const bool to_thread = event.notify == kNotifyThread;
  const bool sends_signal = to_thread || event.notify == kNotifySignal;
  const bool calls = event.notify == kNotifyFunction && notifier.prepare != nullptr;
  if (!sends_signal && !calls && event.notify != kNotifyNone) return fail(Errc::kInvalidArgument);
  if (sends_signal && !is_signal(event.signal)) return fail(Errc::kInvalidArgument);
  if (to_thread && !is_thread(event.thread)) return fail(Errc::kInvalidArgument);
  // So that nothing is to be allocated when it expires.
  if (to_thread && event.thread == sched::current().id() && own_signals() == nullptr) {
    return fail(Errc::kTryAgain);
  }
  void* const notification = calls ? TRY(notifier.prepare(event)) : nullptr;
  const Result<TimerId> made = take_timer(clock, event, notification);
  if (!made.ok() && calls) notifier.dismiss(notification);
  return made.ok() ? Result<TimerId>{made.value()} : fail(made.error());
}

Result<void> delete_timer(TimerId id) {
  void* notification = nullptr;
  {
    const Guard guard{lock};
    SignalTimer* const timer = TRY(find(id));
    timer->stop();
    timer->sends = false;
    notification = std::exchange(timer->notification, nullptr);
  }
  if (notification != nullptr) notifier.dismiss(notification);
  withdraw(timers->created[id - 1].signal);
  const Guard guard{lock};
  timers->created[id - 1].used = false;
  return {};
}

Result<TimerSetting> set_timer(TimerId id, bool absolute, const TimerSetting& wanted) {
  const Guard guard{lock};
  SignalTimer* const timer = TRY(find(id));
  return set(*timer, absolute, wanted);
}

Result<TimerSetting> timer_setting(TimerId id) {
  const Guard guard{lock};
  const SignalTimer* const timer = TRY(find(id));
  return timer->setting();
}

Result<int> timer_overrun(TimerId id) {
  const Guard guard{lock};
  SignalTimer* const timer = TRY(find(id));
  return signals().with([&](SharedSignals&) { return timer->signal.info.timer.overrun; });
}

TimerSetting set_alarm(const TimerSetting& wanted) {
  const Guard guard{lock};
  return set(timers->alarm, false, wanted);
}

TimerSetting alarm_setting() {
  const Guard guard{lock};
  return timers->alarm.setting();
}

void set_notifier(const Notifier& chosen) { notifier = chosen; }

void make_timers() {
  timers.create();
  timers->alarm.signal.info = signal_info(kSigAlrm, kFromKernel);
}

}  // namespace atl::posix
