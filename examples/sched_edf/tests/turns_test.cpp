// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "sched_fixture.hpp"

// What threads see of it, on the machine of tests/host.
namespace atl::sched {
namespace {

class Turns : public SchedTest {};

constexpr Scheduling kReserved{
    .policy = Policy::kDeadline, .runtime = 10_ms, .deadline = 30_ms, .period = 40_ms};

TEST_F(Turns, who_has_used_its_runtime_goes_on_in_the_next_period) {
  const Nanoseconds begin = clock::now();
  Nanoseconds end;
  std::function<void()> computes = [&] {
    host::advance(kReserved.runtime);
    end = clock::now();
  };
  EXPECT_TRUE(join(spawn(computes, {.scheduling = &kReserved})).ok());
  EXPECT_EQ(end, begin + kReserved.period);
}

TEST_F(Turns, a_deadline_goes_before_every_priority) {
  std::vector<char> order;
  std::function<void()> important = [&] { order.push_back('b'); };
  std::function<void()> reserved = [&] { order.push_back('a'); };
  Thread* threads[2];
  {
    const PreemptGuard guard;
    threads[0] = &spawn(important, {.priority = ThreadOptions::kHighestPriority});
    threads[1] = &spawn(reserved, {.scheduling = &kReserved});
  }
  for (Thread* const thread : threads) EXPECT_TRUE(join(*thread).ok());
  EXPECT_EQ(order, (std::vector{'a', 'b'}));
}

}  // namespace
}  // namespace atl::sched
