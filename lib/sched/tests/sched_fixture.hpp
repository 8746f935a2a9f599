// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <gtest/gtest.h>
#include <atoll/clock.hpp>
#include <atoll/deadline.hpp>
#include <atoll/host/machine.hpp>
#include <atoll/host/memory.hpp>
#include <atoll/host/time.hpp>
#include <atoll/sched.hpp>
#include <functional>

namespace atl {

Result<void> sched_init();
Result<void> deadline_init();

/// A host test on the scheduler under test: time starts at 0 and moves when
/// everything waits; the test itself is the main thread.
class SchedTest : public ::testing::Test {
 protected:
  void SetUp() override {
    host::reset_time();
    blocks_before_ = host::live_blocks();
    stacks_before_ = host::live_stacks();
  }

  void TearDown() override {
    EXPECT_TRUE(arch::Cpu::interrupts_enabled());
    EXPECT_EQ(&sched::current(), main_);
    sched::take_interruptions();
    sched::set_idle_hook(nullptr);
    EXPECT_EQ(host::live_blocks(), blocks_before_) << "a thread object was not freed";
    EXPECT_EQ(host::live_stacks(), stacks_before_) << "a stack was not freed";
  }

  /// Starts `function`, which must outlive the thread.
  static Thread& spawn(std::function<void()>& function, sched::ThreadOptions options = {}) {
    Result<Thread*> thread = sched::create(
        options, [](void* argument) { (*static_cast<std::function<void()>*>(argument))(); },
        &function);
    EXPECT_TRUE(thread.ok());
    return *thread.value();
  }

  /// Lets every thread that can run do so.
  static void settle() {
    for (int turn = 0; turn < 100; ++turn) sched::yield();
  }

 public:
  Thread* const main_ = &boot_and_current();

 private:
  static Thread& boot_and_current() {
    static Thread* main = nullptr;
    if (main == nullptr) {
      host::reset_machine();
      if (!sched_init().ok() || !deadline_init().ok()) std::abort();
      main = &sched::current();
    }
    return *main;
  }

  std::size_t blocks_before_ = 0;
  std::size_t stacks_before_ = 0;
};

}  // namespace atl

/// What follows needs a second thread.
#define NEEDS_THREADS()                             \
  if constexpr (::atl::sched::Provider::kOneThread) \
  GTEST_SKIP() << "this scheduler has one thread: create() gives kNotSupported"
