// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <atoll/host/machine.hpp>
#include <atoll/lock.hpp>

#include <thread>
#include <vector>

namespace {

using namespace atl;
using arch::Cpu;

class LockTest : public testing::Test {
 protected:
  void SetUp() override { host::reset_machine(); }
};

TEST_F(LockTest, an_irq_lock_masks_interrupts_and_restores_what_was) {
  IrqSpinLock outer, inner;
  {
    const Guard first{outer};
    EXPECT_FALSE(Cpu::interrupts_enabled());
    {
      const Guard second{inner};
      EXPECT_FALSE(Cpu::interrupts_enabled());
    }
    EXPECT_FALSE(Cpu::interrupts_enabled()) << "the inner lock must not unmask";
  }
  EXPECT_TRUE(Cpu::interrupts_enabled());
}

TEST_F(LockTest, a_masked_guard_leaves_interrupts_as_they_are) {
  IrqSpinLock lock;
  const InterruptMask masked;
  {
    const MaskedGuard guard{lock};
    EXPECT_FALSE(Cpu::interrupts_enabled());
  }
  EXPECT_FALSE(Cpu::interrupts_enabled());
}

TEST_F(LockTest, an_interrupt_waits_for_the_lock) {
  Locked<int> value{1};
  int seen = 0;
  struct Both {
    Locked<int>* value;
    int* seen;
  } both{&value, &seen};
  value.with([&](int& number) {
    host::raise_interrupt(
        [](void* context) {
          auto* const both_of = static_cast<Both*>(context);
          *both_of->seen = both_of->value->with([](int& it) { return it; });
        },
        &both);
    EXPECT_EQ(seen, 0);
    number = 2;
  });
  EXPECT_EQ(seen, 2);
}

TEST_F(LockTest, a_spin_lock_leaves_interrupts_alone) {
  SpinLock lock;
  const Guard guard{lock};
  EXPECT_EQ(Cpu::interrupts_enabled(), !config::lock::kPreemption);
}

TEST_F(LockTest, one_cpu_pays_no_memory) {
  if (kMaxCpus > 1) GTEST_SKIP() << "composed for several CPUs";
  EXPECT_EQ(sizeof(Locked<std::uint64_t>), sizeof(std::uint64_t));
  EXPECT_EQ(sizeof(Locked<std::uint64_t, SpinLock>), sizeof(std::uint64_t));
}

TEST_F(LockTest, locked_data_is_reached_through_its_lock) {
  const Locked<std::vector<int>, SpinLock> fixed{1, 2, 3};
  EXPECT_EQ(fixed.with([](const std::vector<int>& all) { return all.size(); }), 3u);
  Locked<int> number{1};
  number.with([](int& it) { ++it; });
  EXPECT_EQ(number.with([](int& it) { return it; }), 2);
}

// The ticket lock itself, whatever this image's number of CPUs.
TEST_F(LockTest, tickets_exclude_each_other) {
  detail::TicketSpin spin;
  std::uint64_t count = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 3000; ++n) {
        spin.acquire();
        count = count + 1;
        spin.release();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(count, 9000u);
}

constexpr LockRank kLow{10};
constexpr LockRank kHigh{20};

class LockDebugTest : public LockTest {};
using LockDebugDeathTest = LockDebugTest;

TEST_F(LockDebugTest, ascending_ranks_are_in_order) {
  const InterruptMask masked;
  int low = 0, high = 0, any = 0;
  detail::lock_check_acquire(&low, kLow, true);
  detail::lock_check_acquire(&any, LockRank::kUnranked, false);
  detail::lock_check_acquire(&high, kHigh, true);
  detail::lock_check_release(&low);
  detail::lock_check_release(&high);
  detail::lock_check_release(&any);
  detail::lock_check_acquire(&low, kLow, true);
  detail::lock_check_release(&low);
}

TEST_F(LockDebugDeathTest, mistakes_are_named) {
  int low = 0, high = 0;
  EXPECT_DEATH(detail::lock_check_release(&low), "released that is not held");
  detail::lock_check_acquire(&high, kHigh, false);
  EXPECT_DEATH(detail::lock_check_acquire(&low, kLow, false), "against their rank");
  EXPECT_DEATH(detail::lock_check_acquire(&low, kHigh, false), "against their rank");
  EXPECT_DEATH(detail::lock_check_acquire(&high, kHigh, false), "taken twice");
  detail::lock_check_release(&high);
  EXPECT_DEATH(detail::lock_check_acquire(&low, kLow, true), "without masking interrupts");
}

TEST_F(LockDebugDeathTest, a_spin_lock_in_an_interrupt_is_named) {
  static int lock = 0;
  EXPECT_DEATH(
      host::raise_interrupt([](void*) { detail::lock_check_acquire(&lock, kLow, false); }, nullptr),
      "SpinLock in an interrupt handler");
  host::raise_interrupt(
      [](void*) {
        detail::lock_check_acquire(&lock, kLow, true);
        detail::lock_check_release(&lock);
      },
      nullptr);
}

}  // namespace
