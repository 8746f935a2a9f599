// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/clock.hpp>
#include <atoll/deadline.hpp>
#include <atoll/sched.hpp>
#include <atoll/vm_test.hpp>
#include <atomic>

namespace edf_test {

using namespace atl;
using sched::Policy;
using sched::Scheduling;
using sched::ThreadOptions;

constexpr Scheduling reserve(Nanoseconds runtime, Nanoseconds deadline, Nanoseconds period = {}) {
  return {.policy = Policy::kDeadline,
          .priority = 0,
          .runtime = runtime,
          .deadline = deadline,
          .period = period};
}

// Where only the order counts, times are so long that no slow machine reaches them.
constexpr Scheduling kEarly = reserve(5_s, 100_s);
constexpr Scheduling kMiddle = reserve(5_s, 200_s);
constexpr Scheduling kLate = reserve(5_s, 300_s);

Result<Thread*> start(const Scheduling& scheduling, void (*entry)(void*), void* argument) {
  return sched::create({.name = "edf", .scheduling = &scheduling}, entry, argument);
}

/// In which order threads have run.
struct Order {
  std::array<std::atomic<char>, 8> who{};
  std::atomic<std::size_t> count = 0;
  void add(char name) { who[count++ % who.size()] = name; }
};

struct Runner {
  Order* order;
  char name;
};

void note(void* argument) {
  const auto& runner = *static_cast<Runner*>(argument);
  runner.order->add(runner.name);
}

VM_TEST(SchedEdf, the_earliest_deadline_runs_first_whatever_the_priorities) {
  Order order;
  Runner late{&order, 'c'};
  Runner early{&order, 'a'};
  Runner middle{&order, 'b'};
  Runner important{&order, 'd'};
  std::array<Thread*, 4> threads{};
  {
    sched::PreemptGuard guard;
    auto first = sched::create({.name = "important", .priority = ThreadOptions::kHighestPriority},
                               &note, &important);
    auto second = start(kLate, &note, &late);
    auto third = start(kEarly, &note, &early);
    auto fourth = start(kMiddle, &note, &middle);
    VM_ASSERT(first.ok() && second.ok() && third.ok() && fourth.ok());
    threads = {first.value(), second.value(), third.value(), fourth.value()};
    VM_EXPECT_EQ(order.count.load(), 0u);
  }
  for (Thread* const thread : threads) VM_EXPECT(sched::join(*thread).ok());
  VM_ASSERT_EQ(order.count.load(), 4u);
  VM_EXPECT_EQ(order.who[0].load(), 'a');
  VM_EXPECT_EQ(order.who[1].load(), 'b');
  VM_EXPECT_EQ(order.who[2].load(), 'c');
  VM_EXPECT_EQ(order.who[3].load(), 'd');
}

struct Nested {
  Order order{};
  Scheduling inner;
  Errc error{};
};

void create_inner(void* argument) {
  auto& nested = *static_cast<Nested*>(argument);
  Runner inner{&nested.order, 'i'};
  auto thread = start(nested.inner, &note, &inner);
  nested.order.add('o');
  if (!thread.ok() || !sched::join(*thread.value()).ok()) nested.error = Errc::kInvalidArgument;
}

VM_TEST(SchedEdf, a_thread_with_an_earlier_deadline_takes_the_cpu_at_once) {
  Nested nested{.inner = kEarly};
  auto thread = start(kLate, &create_inner, &nested);
  VM_ASSERT(thread.ok());
  VM_ASSERT(sched::join(*thread.value()).ok());
  VM_EXPECT_EQ(nested.error, Errc{});
  VM_EXPECT_EQ(nested.order.who[0].load(), 'i');
  VM_EXPECT_EQ(nested.order.who[1].load(), 'o');
}

VM_TEST(SchedEdf, a_thread_with_a_later_deadline_waits_for_its_turn) {
  Nested nested{.inner = kLate};
  auto thread = start(kEarly, &create_inner, &nested);
  VM_ASSERT(thread.ok());
  VM_ASSERT(sched::join(*thread.value()).ok());
  VM_EXPECT_EQ(nested.error, Errc{});
  VM_EXPECT_EQ(nested.order.who[0].load(), 'o');
  VM_EXPECT_EQ(nested.order.who[1].load(), 'i');
}

struct Hog {
  std::atomic<bool> stop = false;
  std::atomic<std::uint32_t> pauses = 0;
};

/// Never gives up the CPU by itself; counts how often it was taken away for long.
void hog(void* argument) {
  auto& self = *static_cast<Hog*>(argument);
  Nanoseconds before = clock::now();
  while (!self.stop) {
    const Nanoseconds now = clock::now();
    if (now - before >= 5_ms) ++self.pauses;
    before = now;
  }
}

VM_TEST(SchedEdf, a_thread_that_overruns_is_throttled_until_its_next_period) {
  Hog state;
  auto thread = start(reserve(5_ms, 20_ms), &hog, &state);
  VM_ASSERT(thread.ok());
  // Only because the hog is throttled does this thread run at all, and only because it is
  // released again is there a next pause.
  while (state.pauses < 5) arch::Cpu::relax();
  state.stop = true;
  VM_EXPECT(sched::join(*thread.value()).ok());
}

struct Patience {
  Nanoseconds created;
  Nanoseconds after;
};

void end_one_job(void* argument) {
  auto& patience = *static_cast<Patience*>(argument);
  sched::end_job();
  patience.after = clock::now();
}

VM_TEST(SchedEdf, a_job_that_has_ended_waits_for_the_next_period) {
  Patience patience{clock::now(), {}};
  auto thread = start(reserve(10_ms, 30_ms, 40_ms), &end_one_job, &patience);
  VM_ASSERT(thread.ok());
  VM_ASSERT(sched::join(*thread.value()).ok());
  VM_EXPECT_GE(patience.after, patience.created + 40_ms);
}

void nothing(void*) {}

VM_TEST(SchedEdf, promises_no_more_than_the_cpu_has) {
  Hog state;
  auto first = start(reserve(60_ms, 100_ms), &hog, &state);
  VM_ASSERT(first.ok());
  VM_EXPECT_EQ(start(reserve(40_ms, 100_ms), &nothing, nullptr).error(), Errc::kBusy);
  VM_EXPECT_EQ(sched::set_scheduling(sched::current(), reserve(36_ms, 100_ms)).error(),
               Errc::kBusy);
  auto second = start(reserve(30_ms, 100_ms), &nothing, nullptr);
  VM_ASSERT(second.ok());
  VM_EXPECT(sched::join(*second.value()).ok());
  VM_EXPECT(sched::set_scheduling(*first.value(), reserve(10_ms, 100_ms)).ok());
  auto third = start(reserve(80_ms, 100_ms), &nothing, nullptr);
  VM_ASSERT(third.ok());
  VM_EXPECT(sched::join(*third.value()).ok());
  state.stop = true;
  VM_EXPECT(sched::join(*first.value()).ok());
  auto fourth = start(reserve(95_ms, 100_ms), &nothing, nullptr);
  VM_ASSERT(fourth.ok());
  VM_EXPECT(sched::join(*fourth.value()).ok());
}

VM_TEST(SchedEdf, refuses_what_makes_no_sense) {
  Thread& self = sched::current();
  for (const Scheduling& wanted :
       {reserve(0_ns, 0_ns), reserve(2_ms, 1_ms), reserve(1_ms, 3_ms, 2_ms), reserve(1_us, 1_us),
        reserve(1_ms, Nanoseconds{~std::uint64_t{0}})}) {
    VM_EXPECT_EQ(sched::set_scheduling(self, wanted).error(), Errc::kInvalidArgument);
    VM_EXPECT_EQ(start(wanted, &nothing, nullptr).error(), Errc::kInvalidArgument);
  }
  VM_EXPECT_EQ(sched::scheduling(self).policy, Policy::kNormal);
}

VM_TEST(SchedEdf, tells_what_a_thread_has_and_takes_it_back) {
  Thread& self = sched::current();
  const Scheduling before = sched::scheduling(self);
  VM_ASSERT(sched::set_scheduling(self, reserve(50_ms, 80_ms, 100_ms)).ok());
  const Scheduling now = sched::scheduling(self);
  VM_EXPECT_EQ(now.policy, Policy::kDeadline);
  VM_EXPECT_EQ(now.runtime, 50_ms);
  VM_EXPECT_EQ(now.deadline, 80_ms);
  VM_EXPECT_EQ(now.period, 100_ms);
  VM_ASSERT(sched::set_scheduling(self, before).ok());
  VM_EXPECT_EQ(sched::scheduling(self).policy, before.policy);
  VM_EXPECT_EQ(sched::scheduling(self).priority, before.priority);
}

VM_TEST(SchedEdf, a_thread_with_a_reservation_sleeps_and_wakes_like_any_other) {
  Thread& self = sched::current();
  const Scheduling before = sched::scheduling(self);
  VM_ASSERT(sched::set_scheduling(self, reserve(5_ms, 10_ms)).ok());
  const Nanoseconds begin = clock::now();
  for (std::uint64_t i = 1; i <= 5; ++i) {
    const Nanoseconds when{begin.count + i * (20_ms).count};
    VM_EXPECT(sched::sleep_until(deadline::at(when)).ok());
    VM_EXPECT_GE(clock::now(), when);
  }
  VM_ASSERT(sched::set_scheduling(self, before).ok());
}

struct Waiter {
  WaitQueue* queue;
  Runner runner;
};

void wait_and_note(void* argument) {
  auto& waiter = *static_cast<Waiter*>(argument);
  {
    WaitQueue::Guard guard{*waiter.queue};
    static_cast<void>(waiter.queue->wait(guard));
  }
  note(&waiter.runner);
}

VM_TEST(SchedEdf, of_those_that_wait_the_one_with_a_deadline_is_woken_first) {
  WaitQueue queue;
  Order order;
  Waiter important{&queue, {&order, 'b'}};
  Waiter reserved{&queue, {&order, 'a'}};
  auto first = sched::create({.name = "important", .priority = ThreadOptions::kHighestPriority},
                             &wait_and_note, &important);
  auto second = start(kEarly, &wait_and_note, &reserved);
  VM_ASSERT(first.ok() && second.ok());
  VM_EXPECT(queue.wake_one() == second.value());
  VM_EXPECT(queue.wake_one() == first.value());
  VM_EXPECT(sched::join(*second.value()).ok());
  VM_EXPECT(sched::join(*first.value()).ok());
  VM_ASSERT_EQ(order.count.load(), 2u);
  VM_EXPECT_EQ(order.who[0].load(), 'a');
  VM_EXPECT_EQ(order.who[1].load(), 'b');
}

}  // namespace edf_test
