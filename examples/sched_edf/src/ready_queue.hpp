// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/sched.hpp>
#include <bit>
#include <cstdint>

namespace atl::sched {

/// The order among threads with deadlines.
struct EarlierDeadline {
  bool operator()(const ProviderThread& left, const ProviderThread& right) const {
    return left.server.deadline() < right.server.deadline();
  }
};

/// Whether `left`, which is ready, is to have the CPU that `right` has.
bool goes_before(const ProviderThread& left, const ProviderThread& right);

/// The threads that are ready: those with deadlines in their order, behind them the others
/// by level, each level first come, first served.
class ReadyQueue {
 public:
  [[nodiscard]] ProviderThread* first() const;
  /// `ahead`: before those of its level.
  void add(ProviderThread& thread, bool ahead);
  void remove(ProviderThread& thread);
  /// Whether there is a thread without a deadline of that level.
  [[nodiscard]] bool has_level(std::uint8_t level) const { return (levels_ >> level & 1) != 0; }

 private:
  static constexpr std::size_t kLevels = ThreadOptions::kHighestPriority + 1;
  static_assert(kLevels <= 32);

  Tree<ProviderThread, &ProviderThread::deadline_hook, EarlierDeadline> deadlines_;
  std::array<List<ProviderThread, &ProviderThread::ready_hook>, kLevels> lists_;
  std::uint32_t levels_ = 0;  // bit n: list n is not empty
};

}  // namespace atl::sched
