// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/clock.hpp>
#include <atoll/host/crew.hpp>
#include <atomic>

/// Time slices on CPUs that stand still now and then, for longer than a slice.
namespace sched_preempt_many_cpus_slices_test {

using namespace atl;

VM_TEST(SchedSlices, turns_never_end) {
  constexpr unsigned kTurns = 6000;
  struct Turns {
    std::atomic<std::size_t> last = 0;
    std::atomic<unsigned> changes = 0;
  } turns;
  {
    // They compute, and no other interrupt comes to their CPU than its timer's.
    host::Crew crew{3,
                    [&](std::size_t member) {
                      const Nanoseconds limit = clock::now() + 20_s;
                      while (turns.changes < kTurns && clock::now() < limit) {
                        if (turns.last.exchange(member) != member) ++turns.changes;
                      }
                    },
                    {.affinity = kBootCpu}};
  }
  VM_EXPECT_GE(turns.changes.load(), kTurns);
}

}  // namespace sched_preempt_many_cpus_slices_test
