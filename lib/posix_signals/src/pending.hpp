// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/posix/signal_abi.hpp>

namespace atl::posix {

/// A signal on its way, with what came with it.
struct QueuedSignal {
  SignalInfo info;
  QueuedSignal* next = nullptr;
  /// Of a timer's own: queued at most once, and given back to nobody.
  bool owned = false;
  bool queued = false;
};

/// Room for signals on their way, the process's: RLIMIT_SIGPENDING.
class SignalPool {
 public:
  static constexpr std::size_t kMost = 128;

  QueuedSignal* take() {
    QueuedSignal* const found = free_;
    if (found != nullptr) {
      free_ = found->next;
      return found;
    }
    return used_ < room_.size() ? &room_[used_++] : nullptr;
  }
  [[nodiscard]] bool has_room() const { return free_ != nullptr || used_ < room_.size(); }
  void give_back(QueuedSignal& one) {
    one.next = free_;
    free_ = &one;
  }

 private:
  std::array<QueuedSignal, kMost> room_{};
  QueuedSignal* free_ = nullptr;
  std::size_t used_ = 0;
};

/// Signals that wait for a thread or for any of the process. Standard ones count once,
/// real-time ones queue in order. No lock: the caller has one.
class PendingSignals {
 public:
  [[nodiscard]] SignalSet set() const { return set_; }

  /// Without room in the pool it is pending without what comes with it; false, and not
  /// pending, for a real-time signal with a value (sigqueue(3)).
  [[nodiscard]] bool add(const SignalInfo& info, SignalPool& pool);

  /// A timer's own. Nothing happens where it is queued, or its signal counts once.
  void add_owned(QueuedSignal& one);

  /// Takes the signal of `wanted` with the lowest number, of these the oldest; false
  /// where there is none.
  bool take(SignalSet wanted, SignalPool& pool, SignalInfo& info);

  void discard(SignalSet unwanted, SignalPool& pool);

  /// Takes a timer's own, which goes, out if it is in here.
  void remove(QueuedSignal& gone, SignalPool& pool);

 private:
  void append(QueuedSignal& one);
  static void unlink(QueuedSignal** at, QueuedSignal& one, SignalPool& pool);

  SignalSet set_ = 0;
  QueuedSignal* first_ = nullptr;
};

}  // namespace atl::posix
