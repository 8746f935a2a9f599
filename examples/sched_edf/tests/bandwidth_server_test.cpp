// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <atoll/bandwidth_server.hpp>

#include <optional>
#include <random>
#include <vector>

namespace atl::sched {
namespace {

Reservation reservation(Nanoseconds runtime, Nanoseconds deadline, Nanoseconds period) {
  auto made = Reservation::create(runtime, deadline, period);
  EXPECT_TRUE(made.ok());
  return made.value();
}

Errc error_of(Nanoseconds runtime, Nanoseconds deadline, Nanoseconds period) {
  return Reservation::create(runtime, deadline, period).error();
}

constexpr Nanoseconds kMost{~std::uint64_t{0}};

TEST(Reservation, ChecksWhatItIsTold) {
  EXPECT_EQ(error_of(1_ms, 2_ms, 3_ms), Errc{});
  EXPECT_EQ(error_of(1_ms, 2_ms, 0_ns), Errc{});
  EXPECT_EQ(reservation(1_ms, 2_ms, 0_ns).period, 2_ms);
  EXPECT_EQ(error_of(1024_ns, 100_us, 100_us), Errc{});
  EXPECT_EQ(error_of(Reservation::kLongestPeriod, Reservation::kLongestPeriod,
                     Reservation::kLongestPeriod),
            Errc{});
  EXPECT_EQ(error_of(3_ms, 2_ms, 3_ms), Errc::kInvalidArgument);
  EXPECT_EQ(error_of(1_ms, 4_ms, 3_ms), Errc::kInvalidArgument);
  EXPECT_EQ(error_of(0_ns, 0_ns, 0_ns), Errc::kInvalidArgument);
  EXPECT_EQ(error_of(0_ns, 1_ms, 1_ms), Errc::kInvalidArgument);
  EXPECT_EQ(error_of(1023_ns, 1_ms, 1_ms), Errc::kInvalidArgument);
  EXPECT_EQ(error_of(50_us, 99_us, 99_us), Errc::kInvalidArgument);
  EXPECT_EQ(error_of(1_ms, 1_ms, kMost), Errc::kInvalidArgument);
  EXPECT_EQ(error_of(kMost, kMost, kMost), Errc::kInvalidArgument);
}

TEST(Reservation, NeverUnderstatesItsDensity) {
  EXPECT_EQ(reservation(1_ms, 2_ms, 4_ms).density(), kOne / 2);
  EXPECT_EQ(reservation(1_ms, 1_ms, 1_ms).density(), kOne);
  EXPECT_EQ(reservation(1024_ns, Reservation::kLongestPeriod, 0_ns).density(), 1U);
  EXPECT_EQ(reservation(1_ms, 3_ms, 3_ms).density(), kOne / 3 + 1);
}

TEST(Bandwidth, PromisesNoMoreThanItHas) {
  Bandwidth bandwidth{kOne * 95 / 100};
  EXPECT_TRUE(bandwidth.exchange(0, kOne / 2).ok());
  EXPECT_EQ(bandwidth.exchange(0, kOne / 2).error(), Errc::kBusy);
  EXPECT_EQ(bandwidth.promised(), kOne / 2);
  EXPECT_TRUE(bandwidth.exchange(kOne / 2, kOne / 4).ok());
  EXPECT_TRUE(bandwidth.exchange(0, kOne / 2).ok());
  EXPECT_EQ(bandwidth.exchange(kOne / 2, kOne).error(), Errc::kBusy);
  EXPECT_TRUE(bandwidth.exchange(kOne / 2, 0).ok());
  EXPECT_EQ(bandwidth.promised(), kOne / 4);
}

TEST(BandwidthServer, BeginsWithAWholeRuntime) {
  BandwidthServer server;
  EXPECT_FALSE(server.active());
  server.reserve(reservation(1_ms, 3_ms, 4_ms), 10_ms);
  EXPECT_TRUE(server.active());
  EXPECT_EQ(server.left(), 1_ms);
  EXPECT_EQ(server.deadline(), 13_ms);
  EXPECT_EQ(server.next_period(), 14_ms);
}

TEST(BandwidthServer, IsExhaustedUntilTheNextPeriod) {
  BandwidthServer server;
  server.reserve(reservation(1_ms, 4_ms, 4_ms), 10_ms);
  server.charge(900_us);
  EXPECT_FALSE(server.exhausted());
  EXPECT_EQ(server.left(), 100_us);
  server.charge(100_us);
  EXPECT_TRUE(server.exhausted());
  server.replenish(14_ms);
  EXPECT_EQ(server.left(), 1_ms);
  EXPECT_EQ(server.deadline(), 18_ms);
}

TEST(BandwidthServer, PaysBackWhatItOverran) {
  BandwidthServer server;
  server.reserve(reservation(1_ms, 4_ms, 4_ms), 10_ms);
  server.charge(1300_us);
  server.replenish(14_ms);
  EXPECT_EQ(server.left(), 700_us);
  server.charge(700_us + 1_ms);
  server.replenish(18_ms);  // all of the next period is owed
  EXPECT_EQ(server.left(), 1_ms);
  EXPECT_EQ(server.deadline(), 26_ms);
}

TEST(BandwidthServer, OwesNoMoreThanOneRuntime) {
  BandwidthServer server;
  server.reserve(reservation(1_ms, 4_ms, 4_ms), 10_ms);
  server.charge(kMost);
  server.charge(kMost);
  server.replenish(14_ms);
  EXPECT_EQ(server.left(), 1_ms);
  EXPECT_EQ(server.deadline(), 22_ms);
}

TEST(BandwidthServer, BeginsAnewWhereItIsReplenishedTooLate) {
  BandwidthServer server;
  server.reserve(reservation(1_ms, 4_ms, 4_ms), 10_ms);
  server.charge(1_ms);
  server.replenish(100_ms);
  EXPECT_EQ(server.left(), 1_ms);
  EXPECT_EQ(server.deadline(), 104_ms);
}

TEST(BandwidthServer, GoesOnWithItsJobWhereItSleptForAMomentOnly) {
  BandwidthServer server;
  server.reserve(reservation(1_ms, 4_ms, 4_ms), 10_ms);
  server.charge(900_us);
  server.wake(11_ms);  // 100 us in 3 ms is less than 1 in 4
  EXPECT_EQ(server.left(), 100_us);
  EXPECT_EQ(server.deadline(), 14_ms);
}

TEST(BandwidthServer, DoesNotSaveUpByWaiting) {
  BandwidthServer server;
  server.reserve(reservation(1_ms, 4_ms, 4_ms), 10_ms);
  server.wake(13500_us);  // 1 ms in 500 us would be twice the CPU
  EXPECT_EQ(server.left(), 1_ms);
  EXPECT_EQ(server.deadline(), 17500_us);
  BandwidthServer constrained;
  constrained.reserve(reservation(1_ms, 2_ms, 8_ms), 10_ms);
  constrained.wake(11_ms);  // half of its time is over
  EXPECT_EQ(constrained.left(), 500_us);
  EXPECT_EQ(constrained.deadline(), 12_ms);
}

TEST(BandwidthServer, HasNothingBetweenItsDeadlineAndTheNextPeriod) {
  BandwidthServer server;
  server.reserve(reservation(1_ms, 2_ms, 8_ms), 10_ms);
  server.charge(300_us);
  server.wake(15_ms);
  EXPECT_TRUE(server.exhausted());
  EXPECT_EQ(server.next_period(), 18_ms);
  server.replenish(18_ms);
  EXPECT_EQ(server.left(), 1_ms);
}

TEST(BandwidthServer, IsNoSoonerReplenishedByBeingChanged) {
  BandwidthServer server;
  const Reservation first = reservation(1_ms, 4_ms, 4_ms);
  server.reserve(first, 10_ms);
  server.charge(1_ms);
  server.reserve(first, 11_ms);
  EXPECT_TRUE(server.exhausted());
  server.cancel();
  EXPECT_FALSE(server.active());
  server.reserve(first, 11_ms);
  EXPECT_TRUE(server.exhausted());
  server.reserve(reservation(500_us, 4_ms, 4_ms), 12_ms);
  EXPECT_TRUE(server.exhausted());
  EXPECT_EQ(server.next_period(), 14_ms);
}

TEST(BandwidthServer, EndsAJobEarly) {
  BandwidthServer server;
  server.reserve(reservation(1_ms, 4_ms, 4_ms), 10_ms);
  server.end_job();
  EXPECT_TRUE(server.exhausted());
  server.replenish(14_ms);
  EXPECT_EQ(server.left(), 1_ms);
}

/// A CPU with tasks, some of which never stop by themselves, moment for moment.
class Simulation {
 public:
  explicit Simulation(std::uint32_t seed) : random_(seed) {}

  void add(const Reservation& reserved, bool hog) {
    Task& task = tasks_.emplace_back();
    task.hog = hog;
    task.next_release = Nanoseconds{pick(0, reserved.period.count)};
    task.reserved = reserved;
  }

  /// Missed deadlines of the tasks that keep their promise, and of hogs what they had
  /// beyond theirs.
  void run(Nanoseconds end) {
    while (now_ < end) step();
  }

  int missed = 0;
  int finished = 0;
  int overruns = 0;

  std::uint64_t pick(std::uint64_t least, std::uint64_t most) {
    return std::uniform_int_distribution<std::uint64_t>{least, most}(random_);
  }

 private:
  struct Task {
    BandwidthServer server;
    Reservation reserved;
    bool hog = false;
    bool ready = false;
    Nanoseconds next_release;
    Nanoseconds work;        // of this job
    Nanoseconds due;         // by when
    Nanoseconds period_use;  // since the last replenishment
  };

  void release(Task& task) {
    task.ready = true;
    task.due = now_ + task.reserved.deadline;
    task.work = task.hog ? kMost : Nanoseconds{pick(1, task.reserved.runtime.count)};
    if (!task.server.active()) task.server.reserve(task.reserved, now_);
    task.server.wake(now_);
    task.period_use = 0_ns;
    task.next_release =
        task.hog ? kMost
                 : now_ + task.reserved.period + Nanoseconds{pick(0, 1) * pick(0, 1'000'000)};
  }

  void step() {
    Task* first = nullptr;
    Nanoseconds next = kMost;
    for (Task& task : tasks_) {
      if (!task.ready && task.next_release <= now_) release(task);
      if (!task.ready) {
        next = std::min(next, task.next_release);
        continue;
      }
      if (task.server.exhausted() && task.server.next_period() <= now_) {
        task.server.replenish(now_);
        task.period_use = 0_ns;
      }
      if (task.server.exhausted()) {
        next = std::min(next, task.server.next_period());
      } else if (first == nullptr || task.server.deadline() < first->server.deadline()) {
        first = &task;
      }
    }
    if (first == nullptr) {
      now_ = next;
      return;
    }
    const Nanoseconds turn =
        std::min({first->work, first->server.left(), next - now_, Nanoseconds{500'000}});
    now_ = now_ + turn;
    first->server.charge(turn);
    first->period_use = first->period_use + turn;
    if (first->period_use > first->reserved.runtime) ++overruns;
    if (first->hog) return;
    first->work = first->work - turn;
    if (first->work.count != 0) return;
    first->ready = false;
    ++finished;
    if (now_ > first->due) ++missed;
  }

  std::mt19937 random_;
  std::vector<Task> tasks_;
  Nanoseconds now_;
};

TEST(BandwidthServer, KeepsEveryDeadlineOfWhatWasAdmittedBesideHogs) {
  int finished = 0;
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    Simulation simulation{seed};
    Bandwidth bandwidth{kOne};
    for (int i = 0; i < 12; ++i) {
      const std::uint64_t period = simulation.pick(1'000'000, 50'000'000);
      const std::uint64_t deadline = simulation.pick(period / 2, period);
      const std::uint64_t runtime = simulation.pick(deadline / 50, deadline / 2);
      const Reservation wanted =
          reservation(Nanoseconds{runtime}, Nanoseconds{deadline}, Nanoseconds{period});
      if (!bandwidth.exchange(0, wanted.density()).ok()) continue;
      simulation.add(wanted, i % 3 == 0);
    }
    simulation.run(500_ms);
    EXPECT_EQ(simulation.missed, 0);
    EXPECT_EQ(simulation.overruns, 0);
    finished += simulation.finished;
  }
  EXPECT_GT(finished, 1000);
}

}  // namespace
}  // namespace atl::sched
