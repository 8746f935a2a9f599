// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory>
#include <random>

#include "../src/pending.hpp"

namespace {

using namespace atl::posix;

constexpr SignalSet kAll = ~SignalSet{0};

SignalInfo with_value(int signal, SignalValue value) {
  SignalInfo info = signal_info(signal, kQueued);
  info.sender = {.process = 1, .user = 0, .value = value};
  return info;
}

class PendingTest : public testing::Test {
 protected:
  std::unique_ptr<SignalPool> pool_ = std::make_unique<SignalPool>();
  PendingSignals pending_;
  SignalInfo taken_;
};

TEST_F(PendingTest, StandardSignalsCountOnce) {
  EXPECT_TRUE(pending_.add(with_value(kSigUsr1, 1), *pool_));
  EXPECT_TRUE(pending_.add(with_value(kSigUsr1, 2), *pool_));
  EXPECT_EQ(pending_.set(), set_of(kSigUsr1));
  ASSERT_TRUE(pending_.take(kAll, *pool_, taken_));
  EXPECT_EQ(taken_.sender.value, 1U);
  EXPECT_FALSE(pending_.take(kAll, *pool_, taken_));
  EXPECT_EQ(pending_.set(), 0U);
}

TEST_F(PendingTest, OnlyWhatIsWantedIsTaken) {
  EXPECT_TRUE(pending_.add(with_value(kSigUsr1, 1), *pool_));
  EXPECT_FALSE(pending_.take(~set_of(kSigUsr1), *pool_, taken_));
  EXPECT_TRUE(pending_.take(set_of(kSigUsr1), *pool_, taken_));
}

TEST_F(PendingTest, WithoutRoomAValueIsRefusedAndAStandardSignalIsNot) {
  for (std::size_t i = 0; i < SignalPool::kMost; ++i) {
    EXPECT_TRUE(pending_.add(with_value(kSigLast, i), *pool_));
  }
  EXPECT_FALSE(pool_->has_room());
  EXPECT_FALSE(pending_.add(with_value(kSigLast - 1, 7), *pool_));
  EXPECT_EQ(pending_.set(), set_of(kSigLast));
  EXPECT_TRUE(pending_.add(with_value(kSigTerm, 7), *pool_));
  ASSERT_TRUE(pending_.take(kAll, *pool_, taken_));
  EXPECT_EQ(taken_.signal, kSigTerm);
  EXPECT_EQ(taken_.sender.value, 0U);
}

TEST_F(PendingTest, ATimersOwnIsQueuedOnceAndStaysItsOwn) {
  QueuedSignal own;
  own.owned = true;
  own.info = with_value(kSigRealTimeFirst, 5);
  pending_.add_owned(own);
  pending_.add_owned(own);
  ASSERT_TRUE(pending_.take(kAll, *pool_, taken_));
  EXPECT_EQ(taken_.sender.value, 5U);
  EXPECT_FALSE(pending_.take(kAll, *pool_, taken_));
  pending_.add_owned(own);
  EXPECT_TRUE(pending_.add(with_value(kSigRealTimeFirst, 6), *pool_));
  pending_.remove(own, *pool_);
  EXPECT_FALSE(own.queued);
  ASSERT_TRUE(pending_.take(kAll, *pool_, taken_));
  EXPECT_EQ(taken_.sender.value, 6U);
  EXPECT_EQ(pending_.set(), 0U);
}

TEST_F(PendingTest, RemovingWhatIsElsewhereChangesNothing) {
  QueuedSignal own;
  own.owned = true;
  own.info = with_value(kSigUsr1, 5);
  EXPECT_TRUE(pending_.add(with_value(kSigUsr1, 1), *pool_));
  pending_.remove(own, *pool_);
  EXPECT_EQ(pending_.set(), set_of(kSigUsr1));
}

// Beside a model: a queue per signal.
TEST_F(PendingTest, AgreesWithAModel) {
  std::mt19937 random(20261122);
  std::map<int, std::deque<SignalValue>> model;
  std::size_t queued = 0;
  for (unsigned step = 0; step < 200'000; ++step) {
    const int signal = static_cast<int>(random() % kSigLast) + 1;
    const unsigned what = random() % 8;
    if (what < 4 && queued < SignalPool::kMost) {
      auto& queue = model[signal];
      ASSERT_TRUE(pending_.add(with_value(signal, step), *pool_));
      if (is_real_time(signal) || queue.empty()) {
        queue.push_back(step);
        ++queued;
      }
    } else if (what == 4) {
      pending_.discard(set_of(signal), *pool_);
      queued -= model[signal].size();
      model[signal].clear();
    } else {
      const SignalSet wanted = (SignalSet{random()} << 32) | random();
      const bool got = pending_.take(wanted, *pool_, taken_);
      int expected = 0;
      for (const auto& [number, queue] : model) {
        if (expected == 0 && !queue.empty() && has(wanted, number)) expected = number;
      }
      ASSERT_EQ(got, expected != 0) << "step " << step;
      if (!got) continue;
      ASSERT_EQ(taken_.signal, expected) << "step " << step;
      ASSERT_EQ(taken_.sender.value, model[expected].front()) << "step " << step;
      model[expected].pop_front();
      --queued;
    }
    SignalSet set = 0;
    for (const auto& [number, queue] : model) {
      if (!queue.empty()) set |= set_of(number);
    }
    ASSERT_EQ(pending_.set(), set) << "step " << step;
  }
}

}  // namespace
