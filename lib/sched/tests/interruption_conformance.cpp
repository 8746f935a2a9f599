// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "sched_fixture.hpp"

// What every scheduler owes about interruption. A `must` each.
namespace atl {
namespace {

constexpr auto kSignal = Interruptions::kSignal;
constexpr auto kStop = Interruptions::kStop;

class SchedInterruption : public SchedTest {
 public:
  void interrupt_while_idle(Interruptions reasons) {
    reasons_ = reasons;
    host::set_idle_handler(nullptr);
    host::interrupt_at_point(
        1000,
        [](void* self) {
          auto& test = *static_cast<SchedInterruption*>(self);
          sched::interrupt(*test.main_, test.reasons_);
        },
        this);
  }

  Interruptions reasons_ = Interruptions::kNone;
};

TEST_F(SchedInterruption, breaks_a_wait) {
  interrupt_while_idle(kSignal);
  EXPECT_EQ(sched::sleep_until(Deadline::never()).error(), Errc::kInterrupted);
  EXPECT_EQ(sched::pending_interruptions(), kSignal);
}

TEST_F(SchedInterruption, that_came_before_breaks_the_next_wait) {
  sched::interrupt(sched::current(), kStop);
  EXPECT_EQ(sched::sleep_until(deadline::after(1_ms)).error(), Errc::kInterrupted);
  EXPECT_EQ(clock::now(), 0_ns);
}

TEST_F(SchedInterruption, stays_until_taken) {
  sched::interrupt(sched::current(), kStop | kSignal);
  EXPECT_FALSE(sched::sleep_until(deadline::after(1_ms)).ok());
  EXPECT_FALSE(sched::sleep_until(deadline::after(1_ms)).ok());
  EXPECT_EQ(sched::take_interruptions(kSignal), kSignal);
  EXPECT_FALSE(sched::sleep_until(deadline::after(1_ms)).ok());
  EXPECT_EQ(sched::take_interruptions(), kStop);
  EXPECT_EQ(sched::take_interruptions(), Interruptions::kNone);
  EXPECT_TRUE(sched::sleep_until(deadline::after(1_ms)).ok());
}

TEST_F(SchedInterruption, breaks_only_waits_that_allow_it) {
  sched::interrupt(sched::current(), kSignal);
  EXPECT_TRUE(sched::sleep_until(deadline::after(1_ms), Interruptions::kNone).ok());
  EXPECT_TRUE(sched::sleep_until(deadline::after(1_ms), kStop).ok());
  EXPECT_EQ(sched::sleep_until(deadline::after(1_ms), kSignal).error(), Errc::kInterrupted);
  EXPECT_EQ(clock::now(), 2_ms);
}

TEST_F(SchedInterruption, of_nothing_does_nothing) {
  sched::interrupt(sched::current(), Interruptions::kNone);
  EXPECT_TRUE(sched::sleep_until(deadline::after(1_ms)).ok());
}

TEST_F(SchedInterruption, is_seen_wherever_it_hits) {
  reasons_ = kSignal;
  host::set_idle_handler(nullptr);
  for (std::uint64_t point = 0; point < 30; ++point) {
    host::interrupt_at_point(
        point,
        [](void* self) {
          sched::interrupt(*static_cast<SchedInterruption*>(self)->main_, kSignal);
        },
        this);
    EXPECT_EQ(sched::sleep_until(Deadline::never()).error(), Errc::kInterrupted);
    EXPECT_EQ(sched::take_interruptions(), kSignal);
  }
}

TEST_F(SchedInterruption, of_one_thread_leaves_the_others) {
  NEEDS_THREADS();
  Errc first{};
  Errc second{};
  std::function<void()> one = [&] { first = sched::sleep_until(deadline::after(5_ms)).error(); };
  std::function<void()> two = [&] { second = sched::sleep_until(deadline::after(5_ms)).error(); };
  Thread& hit = spawn(one);
  Thread& spared = spawn(two);
  settle();
  sched::interrupt(hit, kSignal);
  EXPECT_TRUE(sched::join(hit).ok());
  EXPECT_EQ(clock::now(), 0_ns);
  EXPECT_TRUE(sched::join(spared).ok());
  EXPECT_EQ(first, Errc::kInterrupted);
  EXPECT_EQ(second, Errc{});
}

TEST_F(SchedInterruption, of_all_reaches_every_thread) {
  int broken = 0;
  std::function<void()> body = [&] {
    if (sched::sleep_until(Deadline::never()).error() == Errc::kInterrupted) ++broken;
  };
  constexpr int kOthers = sched::Provider::kOneThread ? 0 : 4;
  Thread* threads[4] = {};
  for (int i = 0; i < kOthers; ++i) threads[i] = &spawn(body);
  settle();
  sched::interrupt_all(kStop);
  EXPECT_EQ(sched::take_interruptions(), kStop);
  for (int i = 0; i < kOthers; ++i) EXPECT_TRUE(sched::join(*threads[i]).ok());
  EXPECT_EQ(broken, kOthers);
}

}  // namespace
}  // namespace atl
