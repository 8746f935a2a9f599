// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/clock.hpp>
#include <atoll/deadline.hpp>
#include <atoll/sync.hpp>
#include <atoll/vm_test.hpp>
#include <atomic>

/// Mutexes whose owners inherit the priority of those that wait. All threads are on one CPU.
namespace sync_inheritance_vm_test {

using namespace atl;

constexpr std::uint8_t kTop = sched::ThreadOptions::kDefaultPriority + 4;
constexpr std::uint8_t kHigh = sched::ThreadOptions::kDefaultPriority + 2;
constexpr std::uint8_t kMiddle = sched::ThreadOptions::kDefaultPriority;
constexpr std::uint8_t kLow = sched::ThreadOptions::kDefaultPriority - 2;
constexpr std::uint8_t kLowest = sched::ThreadOptions::kDefaultPriority - 4;

/// A thread that is joined at the end of the scope.
template <typename Function>
class Joined {
 public:
  Joined(std::uint8_t priority, Function function)
      : function_(function),
        thread_(
            sched::create({.stack_bytes = 32 * 1024, .priority = priority, .affinity = kBootCpu},
                          run, this)
                .value()) {}
  ~Joined() { VM_EXPECT(sched::join(*thread_).ok()); }
  Joined(const Joined&) = delete;
  Joined& operator=(const Joined&) = delete;
  Thread& thread() { return *thread_; }

 private:
  static void run(void* self) { static_cast<Joined*>(self)->function_(); }
  Function function_;
  Thread* thread_;
};

/// Keeps the CPU from all that are less important until `done`, or for five seconds.
bool compute_until(const std::atomic<bool>& done) {
  const Nanoseconds limit = clock::now() + 5_s;
  while (!done) {
    if (clock::now() > limit) return done;  // it may have stood still in between
  }
  return true;
}

/// Lets those of lower priority run.
void step_back() { VM_EXPECT(sched::sleep_until(deadline::after(20_ms)).ok()); }

/// Main, which starts and stops the others, comes before all of them.
class MostImportant {
 public:
  MostImportant() { set(sched::ThreadOptions::kHighestPriority); }
  ~MostImportant() { set(sched::ThreadOptions::kDefaultPriority); }
  MostImportant(const MostImportant&) = delete;
  MostImportant& operator=(const MostImportant&) = delete;

 private:
  static void set(std::uint8_t priority) {
    VM_EXPECT(sched::set_scheduling(sched::current(), {.priority = priority}).ok());
  }
};

VM_TEST(SyncInheritance, no_third_thread_keeps_both_waiting) {
  const MostImportant main;
  Mutex mutex;
  std::atomic<bool> go = false;
  std::atomic<bool> got = false;
  bool in_time = false;
  Joined low{kLow, [&] {
               Guard guard{mutex};
               while (!go) VM_EXPECT(sched::sleep_until(deadline::after(1_ms)).ok());
             }};
  step_back();
  Joined high{kHigh, [&] {
                Guard guard{mutex};
                got = true;
              }};
  step_back();
  Joined middle{kMiddle, [&] {
                  go = true;
                  in_time = compute_until(got);
                }};
  step_back();
  step_back();
  VM_EXPECT(sched::sleep_until(deadline::after(100_ms)).ok());
  VM_EXPECT(got.load());
  while (!in_time && !got) step_back();
  step_back();
  VM_EXPECT(in_time);
}

VM_TEST(SyncInheritance, an_owner_that_waits_passes_it_on) {
  const MostImportant main;
  Mutex first;
  Mutex second;
  std::atomic<bool> go = false;
  Joined lowest{kLowest, [&] {
                  Guard guard{first};
                  while (!go) VM_EXPECT(sched::sleep_until(deadline::after(1_ms)).ok());
                  VM_EXPECT_EQ(sched::current().priority(), kTop);
                }};
  step_back();
  Joined low{kLow, [&] {
               Guard outer{second};
               Guard inner{first};
               VM_EXPECT_EQ(sched::current().priority(), kTop);
             }};
  step_back();
  VM_EXPECT_EQ(lowest.thread().priority(), kLow);
  Joined top{kTop, [&] { Guard guard{second}; }};
  step_back();
  VM_EXPECT_EQ(lowest.thread().priority(), kTop);
  VM_EXPECT_EQ(low.thread().priority(), kTop);
  VM_EXPECT_EQ(sched::scheduling(low.thread()).priority, kLow);
  go = true;
}

VM_TEST(SyncInheritance, it_ends_with_the_wait_and_with_the_mutex) {
  const MostImportant main;
  Mutex mutex;
  std::atomic<bool> go = false;
  std::atomic<int> after = -1;
  Joined low{kLow, [&] {
               mutex.lock();
               while (!go) VM_EXPECT(sched::sleep_until(deadline::after(1_ms)).ok());
               mutex.unlock();
               after = sched::current().priority();
             }};
  step_back();
  {
    Joined high{kHigh,
                [&] { VM_EXPECT_EQ(mutex.lock(deadline::after(50_ms)).error(), Errc::kTimedOut); }};
    step_back();
    VM_EXPECT_EQ(low.thread().priority(), kHigh);
  }
  VM_EXPECT_EQ(low.thread().priority(), kLow);
  {
    Joined middle{kMiddle, [&] { Guard guard{mutex}; }};
    Joined high{kHigh, [&] { Guard guard{mutex}; }};
    step_back();
    VM_EXPECT_EQ(low.thread().priority(), kHigh);
    // Its own priority changes below the one that it inherits.
    VM_EXPECT(sched::set_scheduling(low.thread(), {.priority = kLowest}).ok());
    VM_EXPECT_EQ(low.thread().priority(), kHigh);
    go = true;
  }
  step_back();
  VM_EXPECT_EQ(after.load(), static_cast<int>(kLowest));
}

VM_TEST(SyncInheritance, the_next_owner_inherits_from_those_that_still_wait) {
  const MostImportant main;
  Mutex mutex;
  std::atomic<bool> go = false;
  mutex.lock();
  // Waits first and, having got it, for `go`; its priority falls while it waits.
  Joined first{kTop, [&] {
                 Guard guard{mutex};
                 while (!go) VM_EXPECT(sched::sleep_until(deadline::after(1_ms)).ok());
               }};
  step_back();
  Joined second{kHigh, [&] { Guard guard{mutex}; }};
  step_back();
  mutex.unlock();
  step_back();
  VM_EXPECT(sched::set_scheduling(first.thread(), {.priority = kLow}).ok());
  VM_EXPECT_EQ(first.thread().priority(), kHigh);
  go = true;
}

VM_TEST(SyncInheritance, a_lock_without_it_lends_nothing) {
  const MostImportant main;
  Mutex mutex;
  std::atomic<bool> go = false;
  Joined low{kLow, [&] {
               Guard guard{mutex};
               while (!go) VM_EXPECT(sched::sleep_until(deadline::after(1_ms)).ok());
             }};
  step_back();
  Joined high{kHigh, [&] {
                VM_EXPECT(mutex.lock(Deadline::never(), Interruptions::kNone, false).ok());
                mutex.unlock();
              }};
  step_back();
  VM_EXPECT_EQ(low.thread().priority(), kLow);
  go = true;
}

}  // namespace sync_inheritance_vm_test
