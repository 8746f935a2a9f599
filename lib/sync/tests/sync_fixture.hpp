// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <gtest/gtest.h>
#include <atoll/deadline.hpp>
#include <atoll/host/machine.hpp>
#include <atoll/host/time.hpp>
#include <atoll/sync.hpp>
#include <cstdlib>
#include <functional>
#include <vector>

namespace atl {

Result<void> sched_init();
Result<void> deadline_init();

/// Host tests of waiting locks, on whatever scheduler is linked that has threads.
class SyncTest : public ::testing::Test {
 protected:
  void SetUp() override {
    static bool booted = false;
    if (!booted) {
      host::reset_machine();
      if (!sched_init().ok() || !deadline_init().ok()) std::abort();
      booted = true;
    }
    host::reset_time();
  }
  void TearDown() override {
    EXPECT_TRUE(threads_.empty());
    sched::take_interruptions();
  }

  /// Starts a thread and lets it run as far as it gets.
  void start(std::function<void()>& body) {
    Result<Thread*> thread = sched::create(
        {}, [](void* argument) { (*static_cast<std::function<void()>*>(argument))(); }, &body);
    ASSERT_TRUE(thread.ok());
    threads_.push_back(thread.value());
    settle();
  }

  void join_all() {
    for (Thread* thread : threads_) EXPECT_TRUE(sched::join(*thread).ok());
    threads_.clear();
  }

  /// `count` threads of `body`, to their end.
  void run(std::function<void()>& body, int count) {
    for (int i = 0; i < count; ++i) start(body);
    join_all();
  }

  static void settle() {
    for (int turn = 0; turn < 20; ++turn) sched::yield();
  }

 private:
  std::vector<Thread*> threads_;
};

}  // namespace atl
