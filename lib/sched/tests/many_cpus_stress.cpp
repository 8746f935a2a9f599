// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/clock.hpp>
#include <atoll/deadline.hpp>
#include <atoll/host/crew.hpp>
#include <atoll/sync.hpp>
#include <random>

/// Everything at once, by more than a hundred threads: locks, waits that end in all three
/// ways, interruptions, timers that others cancel, threads that come and exit. Each step is
/// chosen by a sequence of its thread's own, of a fixed seed; where the CPUs meet is the
/// host's choice. Whatever a lock guards is plain data.
namespace sched_many_cpus_stress {

using namespace atl;

using Random = std::minstd_rand;

constexpr std::size_t kThreads = 150;
constexpr unsigned kSteps = 300;

/// A mutex and what only its owner touches.
struct Vault {
  Mutex mutex;
  ConditionVariable changed;
  std::uint64_t deposits = 0;
  std::uint64_t balance = 0;

  void use(Random& random) {
    ++deposits;
    if (random() % 8 == 0) sched::yield();
    ++balance;
  }
};

/// A timer that anybody arms and anybody cancels.
struct SharedTimer {
  struct Setting : Timer {
    explicit Setting(Event& its_event) : Timer(fire), event(its_event) {}
    static void fire(Timer& timer) { static_cast<Setting&>(timer).event.set(); }
    Event& event;
  };
  Mutex mutex;
  Event event;
  Setting timer{event};
  bool armed = false;  // so far as those know who have the mutex
};

class Stress {
 public:
  void work(std::size_t member) {
    Random random{static_cast<Random::result_type>(member + 1)};
    Count mine;
    for (unsigned step = 0; step < kSteps; ++step) {
      if (random() % 1000 == 0) break;
      one_step(random, mine);
      sched::take_interruptions();
    }
    tally_.with([&](Count& all) { all += mine; });
    if (random() % 4 == 0) sched::exit();
  }

  /// Once all others have ended: whether detached ones may still run.
  bool children_on_their_way() {
    const std::uint64_t all = tally_.with([](const Count& count) { return count.children; });
    return born_.with([&](std::uint64_t count) { return count < all; });
  }

  void check() {
    const Count& all = tally_.without_lock();
    std::uint64_t deposits = 0;
    for (Vault& vault : vaults_) {
      VM_EXPECT_EQ(vault.deposits, vault.balance);
      deposits += vault.deposits;
      VM_EXPECT(vault.mutex.try_lock());
      vault.mutex.unlock();
    }
    VM_EXPECT_EQ(deposits, all.locked);
    VM_EXPECT_EQ(std::uint64_t{permits_.permits()}, kPermits);
    for (SharedTimer& one : timers_) deadline::cancel(one.timer);
    VM_EXPECT_GT(all.locked, 100u);
    VM_EXPECT_GT(all.timed_out, 10u);
    VM_EXPECT_GT(all.children, 10u);
    VM_EXPECT_EQ(born_.without_lock(), all.children);
  }

 private:
  static constexpr std::uint64_t kPermits = 3;

  /// What one thread, or all, have done.
  struct Count {
    std::uint64_t locked = 0;
    std::uint64_t timed_out = 0;
    std::uint64_t interrupted = 0;
    std::uint64_t children = 0;

    Count& operator+=(const Count& other) {
      locked += other.locked;
      timed_out += other.timed_out;
      interrupted += other.interrupted;
      children += other.children;
      return *this;
    }
    bool ok(const Result<void>& result) {
      if (result.error() == Errc::kTimedOut) ++timed_out;
      if (result.error() == Errc::kInterrupted) ++interrupted;
      return result.ok();
    }
  };

  static Deadline soon(Random& random) {
    return deadline::after(Nanoseconds{random() % 120 * 1'000});
  }

  void one_step(Random& random, Count& mine) {
    switch (random() % 10) {
      case 0:
      case 1:
        lock(any(vaults_, random), random, mine, Deadline::never());
        break;
      case 2:
        lock(any(vaults_, random), random, mine, soon(random));
        break;
      case 3:
        wait_for_a_change(any(vaults_, random), random, mine);
        break;
      case 4:
        if (mine.ok(permits_.acquire(soon(random)))) {
          if (random() % 2 == 0) sched::yield();
          VM_EXPECT(permits_.release().ok());
        }
        break;
      case 5:
        use(any(timers_, random), random, mine);
        break;
      case 6:
        static_cast<void>(mine.ok(sched::sleep_until(soon(random))));
        break;
      case 7:
        interrupt_some(random);
        break;
      case 8:
        have_a_child(random, mine);
        break;
      default:
        static_cast<void>(sched::set_scheduling(
            sched::current(), {.priority = static_cast<std::uint8_t>(8 + random() % 16)}));
        sched::yield();
    }
  }

  template <typename T, std::size_t N>
  static T& any(std::array<T, N>& all, Random& random) {
    return all[random() % N];
  }

  static void lock(Vault& vault, Random& random, Count& mine, Deadline until) {
    if (until.is_never()) {
      vault.mutex.lock();
    } else if (!mine.ok(vault.mutex.lock(until))) {
      return;
    }
    vault.use(random);
    ++mine.locked;
    random() % 2 == 0 ? vault.changed.notify_one() : vault.changed.notify_all();
    vault.mutex.unlock();
  }

  static void wait_for_a_change(Vault& vault, Random& random, Count& mine) {
    Guard guard{vault.mutex};
    static_cast<void>(mine.ok(vault.changed.wait(vault.mutex, soon(random))));
    vault.use(random);
    ++mine.locked;
  }

  static void use(SharedTimer& shared, Random& random, Count& mine) {
    {
      Guard guard{shared.mutex};
      if (shared.armed) {
        deadline::cancel(shared.timer);
        shared.armed = false;
      } else {
        shared.event.reset();
        shared.armed = deadline::arm(shared.timer, clock::now() + Nanoseconds{random() % 80'000});
      }
    }
    static_cast<void>(mine.ok(shared.event.wait(soon(random))));
  }

  static void interrupt_some(Random& random) {
    sched::for_each(
        [](Thread& thread, void* sequence) {
          if ((*static_cast<Random*>(sequence))() % 16 == 0) {
            sched::interrupt(thread, Interruptions::kSignal);
          }
        },
        &random);
  }

  void have_a_child(Random& random, Count& mine) {
    const bool detached = random() % 2 == 0;
    const auto thread = sched::create({.detached = detached}, child, this);
    VM_ASSERT(thread.ok());
    ++mine.children;
    if (detached) return;
    if (random() % 3 == 0) {
      VM_EXPECT(sched::detach(*thread.value()).ok());
      return;
    }
    while (!mine.ok(sched::join(*thread.value(), soon(random)))) sched::take_interruptions();
  }

  static void child(void* stress) {
    auto& self = *static_cast<Stress*>(stress);
    sched::yield();
    self.born_.with([](std::uint64_t& count) { ++count; });
  }

  std::array<Vault, 4> vaults_;
  std::array<SharedTimer, 4> timers_;
  Semaphore permits_{kPermits};
  Locked<Count> tally_;
  Locked<std::uint64_t> born_{0u};
};

VM_TEST(SchedCpusStress, nobody_is_left_behind) {
  static Stress stress;  // detached threads may leave it last
  host::Crew crew{kThreads, [](std::size_t member) { stress.work(member); }};
  crew.join();
  sched::take_interruptions();
  // Detached children may still be on their way.
  while (stress.children_on_their_way()) {
    static_cast<void>(sched::sleep_until(deadline::after(100_us), Interruptions::kNone));
  }
  stress.check();
}

}  // namespace sched_many_cpus_stress
