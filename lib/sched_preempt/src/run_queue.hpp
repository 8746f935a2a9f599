// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/sched.hpp>
#include <bit>
#include <cstdint>

namespace atl::sched {

/// Ready threads by priority; first come, first served in each. Every operation is
/// O(1). Takes no lock.
class RunQueue {
 public:
  /// Below every thread's.
  static constexpr int kNone = -1;

  /// Behind those of its priority, or in front of them.
  void push_back(Thread& thread);
  void push_front(Thread& thread);

  /// The priority of the next thread, or kNone.
  [[nodiscard]] int highest() const { return std::bit_width(occupied_) - 1; }
  /// Takes the next thread out, if its priority is `at_least` that; else null.
  Thread* pop(int at_least = 0);

 private:
  static constexpr std::size_t kPriorities = ThreadOptions::kHighestPriority + 1;
  using Line = List<ProviderThread, &ProviderThread::ready_hook>;

  std::array<Line, kPriorities> lines_;
  std::uint32_t occupied_ = 0;  // bit n: lines_[n] is not empty
  static_assert(kPriorities <= 32);
};

}  // namespace atl::sched
