// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/clock.hpp>
#include <atoll/deadline.hpp>
#include <atoll/host/crew.hpp>
#include <atoll/lock.hpp>
#include <vector>

/// What a spin lock guards is plain data: who takes the lock sees what the one before did.
namespace lock_many_cpus_test {

using namespace atl;

constexpr std::size_t kThreads = 8;
constexpr unsigned kTurns = 2000;

template <typename Lock>
struct Counter {
  Lock lock;
  std::uint64_t count = 0;
  std::uint64_t same = 0;

  void add() {
    Guard guard{lock};
    VM_EXPECT_EQ(count, same);
    ++count;
    ++same;
  }
};

template <typename Lock>
void count_together() {
  Counter<Lock> counter;
  host::Crew{kThreads, [&](std::size_t) {
               for (unsigned i = 0; i < kTurns; ++i) counter.add();
             }};
  VM_EXPECT_EQ(counter.count, kThreads * kTurns);
}

VM_TEST(LockManyCpus, an_irq_spin_lock_excludes) { count_together<IrqSpinLock>(); }

VM_TEST(LockManyCpus, a_spin_lock_excludes) { count_together<SpinLock>(); }

VM_TEST(LockManyCpus, ranked_locks_nest) {
  RankedIrqSpinLock<LockRank{10}> outer;
  RankedSpinLock<LockRank{20}> inner;
  std::uint64_t both = 0;
  host::Crew{kThreads, [&](std::size_t) {
               for (unsigned i = 0; i < kTurns; ++i) {
                 Guard first{outer};
                 Guard second{inner};
                 ++both;
               }
             }};
  VM_EXPECT_EQ(both, kThreads * kTurns);
}

VM_TEST(LockManyCpus, locked_data_is_reached_by_one_at_a_time) {
  Locked<std::vector<std::size_t>> seen;
  host::Crew{kThreads, [&](std::size_t member) {
               for (unsigned i = 0; i < kTurns; ++i) {
                 seen.with([&](std::vector<std::size_t>& all) { all.push_back(member); });
               }
             }};
  VM_EXPECT_EQ(seen.with([](const auto& all) { return all.size(); }), kThreads * kTurns);
}

// Handlers take it on the CPU of a thread that could hold it, and on others.
VM_TEST(LockManyCpus, handlers_and_threads_share_an_irq_spin_lock) {
  struct Ticking : Timer {
    explicit Ticking(Counter<IrqSpinLock>& its_counter) : Timer(fire), counter(its_counter) {}
    static void fire(Timer& timer) {
      auto& self = static_cast<Ticking&>(timer);
      self.counter.add();
      ++self.fired;
    }
    Counter<IrqSpinLock>& counter;
    unsigned fired = 0;
  };
  Counter<IrqSpinLock> counter;
  Locked<std::uint64_t> expected{0u};
  host::Crew{kThreads, [&](std::size_t) {
               Ticking timer{counter};
               for (unsigned i = 0; i < 100; ++i) {
                 static_cast<void>(deadline::arm(timer, clock::now() + 20_us));
                 for (unsigned n = 0; n < 5; ++n) counter.add();
                 deadline::cancel(timer);
               }
               expected.with([&](std::uint64_t& sum) { sum += 500 + timer.fired; });
             }};
  VM_EXPECT_EQ(counter.count, expected.without_lock());
}

}  // namespace lock_many_cpus_test
