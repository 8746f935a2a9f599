// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "ready_queue.hpp"

namespace atl::sched {

bool goes_before(const ProviderThread& left, const ProviderThread& right) {
  if (!left.server.active()) return !right.server.active() && left.level > right.level;
  return !right.server.active() || EarlierDeadline{}(left, right);
}

ProviderThread* ReadyQueue::first() const {
  if (ProviderThread* const thread = deadlines_.first(); thread != nullptr) return thread;
  if (levels_ == 0) return nullptr;
  return lists_[static_cast<std::size_t>(std::bit_width(levels_)) - 1].front();
}

void ReadyQueue::add(ProviderThread& thread, bool ahead) {
  if (thread.server.active()) {
    deadlines_.insert(thread);
    return;
  }
  auto& list = lists_[thread.level];
  if (ahead) {
    list.push_front(thread);
  } else {
    list.push_back(thread);
  }
  levels_ |= std::uint32_t{1} << thread.level;
}

void ReadyQueue::remove(ProviderThread& thread) {
  if (thread.server.active()) {
    deadlines_.remove(thread);
    return;
  }
  auto& list = lists_[thread.level];
  list.remove(thread);
  if (list.empty()) levels_ &= ~(std::uint32_t{1} << thread.level);
}

}  // namespace atl::sched
