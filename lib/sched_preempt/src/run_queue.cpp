// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "run_queue.hpp"

namespace atl::sched {

void RunQueue::push_back(Thread& thread) {
  lines_[thread.priority()].push_back(thread);
  occupied_ |= 1u << thread.priority();
}

void RunQueue::push_front(Thread& thread) {
  lines_[thread.priority()].push_front(thread);
  occupied_ |= 1u << thread.priority();
}

Thread* RunQueue::pop(int at_least) {
  const int priority = highest();
  if (priority < at_least) return nullptr;
  const auto index = static_cast<std::size_t>(priority);
  Thread* const thread = static_cast<Thread*>(lines_[index].pop_front());
  if (lines_[index].empty()) occupied_ &= ~(1u << index);
  return thread;
}

}  // namespace atl::sched
