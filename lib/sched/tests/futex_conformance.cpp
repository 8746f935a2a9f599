// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/futex.hpp>
#include <list>
#include <memory>
#include <vector>

#include "sched_fixture.hpp"

// Waiting on the value of a word (atoll/futex.hpp).
namespace atl {
namespace {

class SchedFutex : public SchedTest {
 public:
  /// Starts `count` threads that wait once at `word` while it is 0.
  void start_waiting(const futex::Word& word, int count) {
    bodies_.emplace_back([this, &word] {
      EXPECT_TRUE(futex::wait(word, 0).ok());
      ++woken_;
    });
    for (int i = 0; i < count; ++i) threads_.push_back(&spawn(bodies_.back()));
    settle();
  }

  void join_all() {
    for (Thread* thread : threads_) EXPECT_TRUE(sched::join(*thread).ok());
    threads_.clear();
  }

  static void change_and_wake(void* word) {
    auto& changed = *static_cast<futex::Word*>(word);
    changed.store(1);
    futex::wake(changed);
  }

  std::list<std::function<void()>> bodies_;
  std::vector<Thread*> threads_;
  int woken_ = 0;
};

TEST_F(SchedFutex, does_not_wait_where_the_word_is_another) {
  const futex::Word word = 7;
  EXPECT_EQ(futex::wait(word, 6).error(), Errc::kTryAgain);
  EXPECT_EQ(futex::wake(word), 0u);
}

TEST_F(SchedFutex, times_out_and_is_interrupted) {
  const futex::Word word = 0;
  EXPECT_EQ(futex::wait(word, 0, deadline::after(1_ms)).error(), Errc::kTimedOut);
  EXPECT_EQ(clock::now(), Nanoseconds{1'000'000});
  sched::interrupt(sched::current(), Interruptions::kSignal);
  EXPECT_EQ(futex::wait(word, 0).error(), Errc::kInterrupted);
  EXPECT_EQ(futex::wait(word, 0, deadline::after(1_ms), Interruptions::kStop).error(),
            Errc::kTimedOut);
}

// Whichever instruction the interrupt hits: a wake-up that is lost hangs, and the host CPU
// aborts.
TEST_F(SchedFutex, no_wake_up_is_lost_wherever_the_interrupt_hits) {
  host::set_idle_handler(nullptr);
  for (std::uint64_t point = 0; point < 60; ++point) {
    futex::Word word = 0;
    host::interrupt_at_point(point, change_and_wake, &word);
    while (word.load() == 0) {
      const Result<void> waited = futex::wait(word, 0);
      EXPECT_TRUE(waited.ok() || waited.error() == Errc::kTryAgain);
    }
    while (!host::interrupt_point_reached()) {
      arch::Cpu::restore_interrupts(arch::Cpu::disable_interrupts());
    }
  }
}

TEST_F(SchedFutex, wakes_as_many_as_it_is_told_at_that_word_alone) {
  NEEDS_THREADS();
  // More words than there are buckets, so that some share one.
  std::array<futex::Word, 200> words{};
  for (const futex::Word& word : words) start_waiting(word, 1);
  start_waiting(words[100], 4);
  EXPECT_EQ(futex::wake(words[100], 3), 3u);
  settle();
  EXPECT_EQ(woken_, 3);
  EXPECT_EQ(futex::wake(words[100], futex::kEveryone), 2u);
  EXPECT_EQ(futex::wake(words[100], futex::kEveryone), 0u);
  settle();
  EXPECT_EQ(woken_, 5);
  for (const futex::Word& word : words) futex::wake(word);
  join_all();
  EXPECT_EQ(woken_, 204);
}

TEST_F(SchedFutex, one_that_timed_out_is_not_counted_as_woken) {
  NEEDS_THREADS();
  futex::Word word = 0;
  std::function<void()> impatient = [&] {
    EXPECT_EQ(futex::wait(word, 0, deadline::after(1_ms)).error(), Errc::kTimedOut);
  };
  Thread& gone = spawn(impatient);
  EXPECT_TRUE(sched::sleep_until(deadline::after(2_ms)).ok());
  start_waiting(word, 1);
  EXPECT_EQ(futex::wake(word, 2), 1u);
  join_all();
  EXPECT_TRUE(sched::join(gone).ok());
}

TEST_F(SchedFutex, the_word_may_be_gone_when_it_is_woken) {
  NEEDS_THREADS();
  auto word = std::make_unique<futex::Word>(0);
  const futex::Word& address = *word;
  start_waiting(*word, 1);
  word.reset();
  EXPECT_EQ(futex::wake(address), 1u);
  join_all();
}

}  // namespace
}  // namespace atl
