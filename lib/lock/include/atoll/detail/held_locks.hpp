// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace atl {

/// The order in which locks may be taken: only one of a higher rank than all of its kind
/// that this CPU (locks that spin) or this thread (locks that wait) holds. kUnranked is
/// checked for being taken twice alone. Checked with the option LOCK_DEBUG; costs nothing
/// without it. The ranks in use stand in lib/lock/README.md.
enum class LockRank : std::uint8_t { kUnranked = 0 };

namespace detail {

/// With LOCK_DEBUG: what a CPU or a thread holds, in the order taken. Its own.
class HeldLocks {
 public:
  /// Asserts that `lock` is not among them, and its rank above theirs.
  void add(const void* lock, LockRank rank);
  /// Asserts that it is among them.
  void remove(const void* lock);
  [[nodiscard]] std::size_t size() const { return count_; }

 private:
  struct Held {
    const void* lock = nullptr;
    LockRank rank = LockRank::kUnranked;
  };
  std::array<Held, 8> held_;
  std::size_t count_ = 0;
};

}  // namespace detail
}  // namespace atl
