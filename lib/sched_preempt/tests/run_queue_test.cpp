// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "run_queue.hpp"

#include <gtest/gtest.h>

#include <atoll/host/machine.hpp>
#include <deque>
#include <map>
#include <memory>
#include <random>
#include <vector>

namespace atl::sched {
namespace {

class RunQueueTest : public testing::Test {
 protected:
  RunQueueTest() {
    host::reset_machine();
    arch::Cpu::set_current_thread(&creator_);
  }
  ~RunQueueTest() override {
    while (queue_.pop() != nullptr) {
    }
  }

  Thread& make(unsigned priority) {
    ThreadOptions options;
    options.priority = static_cast<std::uint8_t>(priority);
    threads_.push_back(
        std::make_unique<Thread>(static_cast<std::uint32_t>(threads_.size()), options));
    return *threads_.back();
  }

  Thread creator_;
  std::vector<std::unique_ptr<Thread>> threads_;
  RunQueue queue_;
};

TEST_F(RunQueueTest, EmptyHasNone) {
  EXPECT_EQ(queue_.highest(), RunQueue::kNone);
  EXPECT_EQ(queue_.pop(), nullptr);
}

TEST_F(RunQueueTest, HighestPriorityFirstAndInOrder) {
  Thread& low = make(0);
  Thread& first = make(7);
  Thread& second = make(7);
  Thread& high = make(ThreadOptions::kHighestPriority);
  for (Thread* const thread : {&low, &first, &second, &high}) queue_.push_back(*thread);
  EXPECT_EQ(queue_.highest(), ThreadOptions::kHighestPriority);
  EXPECT_EQ(queue_.pop(), &high);
  EXPECT_EQ(queue_.pop(), &first);
  EXPECT_EQ(queue_.pop(), &second);
  EXPECT_EQ(queue_.highest(), 0);
  EXPECT_EQ(queue_.pop(), &low);
  EXPECT_EQ(queue_.highest(), RunQueue::kNone);
}

TEST_F(RunQueueTest, WhoWasPreemptedGoesOnBeforeThoseThatWaited) {
  Thread& waiting = make(7);
  Thread& preempted = make(7);
  queue_.push_back(waiting);
  queue_.push_front(preempted);
  EXPECT_EQ(queue_.pop(), &preempted);
}

TEST_F(RunQueueTest, LowerOnesStay) {
  queue_.push_back(make(7));
  EXPECT_EQ(queue_.pop(8), nullptr);
  EXPECT_NE(queue_.pop(7), nullptr);
}

TEST_F(RunQueueTest, AgreesWithAModel) {
  std::mt19937 random{1};
  std::map<int, std::deque<Thread*>, std::greater<>> model;
  for (int step = 0; step < 20'000; ++step) {
    if (random() % 2 == 0 && threads_.size() < 500) {
      Thread& thread = make(random() % 32);
      auto& line = model[thread.priority()];
      if (random() % 3 == 0) {
        queue_.push_front(thread);
        line.push_front(&thread);
      } else {
        queue_.push_back(thread);
        line.push_back(&thread);
      }
    } else {
      const int least = static_cast<int>(random() % 32);
      Thread* expected = nullptr;
      if (!model.empty() && model.begin()->first >= least) {
        auto& line = model.begin()->second;
        expected = line.front();
        line.pop_front();
        if (line.empty()) model.erase(model.begin());
      }
      ASSERT_EQ(queue_.pop(least), expected);
    }
    ASSERT_EQ(queue_.highest(), model.empty() ? RunQueue::kNone : model.begin()->first);
  }
}

}  // namespace
}  // namespace atl::sched
