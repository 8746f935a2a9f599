// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/list.hpp>
#include <atoll/mutex.hpp>
#include <cstdint>

namespace atl::posix {

/// What POSIX has beside Errc's names.
inline constexpr Errc kNoSuchThread{3};      // ESRCH
inline constexpr Errc kOwnerDied{130};       // EOWNERDEAD
inline constexpr Errc kNotRecoverable{131};  // ENOTRECOVERABLE

/// A mutex as POSIX.1-2017 has it, XSH pthread_mutex_lock(), in all its types. All zero is
/// a normal one that is free. Waiting is that of atl::Mutex.
///
/// What POSIX leaves undefined is an error here: a mutex that is destroyed or was never
/// initialised is kInvalidArgument, an unlock by another than the owner kNotPermitted,
/// whatever the type. A normal mutex locked twice waits, as it must.
///
/// Context: threads. No wait here is a cancellation point or fails with kInterrupted;
/// signal handlers run meanwhile.
class Mutex {
 public:
  enum Kind : std::uint16_t { kNormal = 0, kRecursive = 1, kErrorCheck = 2 };
  static constexpr std::uint16_t kRobust = 4;     ///< added to a Kind
  static constexpr std::uint16_t kInherits = 8;   ///< added, too: PTHREAD_PRIO_INHERIT
  static constexpr std::uint16_t kProtects = 16;  ///< added, too: PTHREAD_PRIO_PROTECT

  constexpr Mutex() = default;
  /// `ceiling`: of one that kProtects, the priority (Thread::priority()) that its owner has
  /// at least.
  constexpr explicit Mutex(std::uint16_t kind, std::uint8_t ceiling = 0)
      : kind_(kind), ceiling_(ceiling) {}
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  /// kDeadlock: an error-checking one that the caller owns. kTryAgain: a recursive one
  /// locked 2^32 - 1 times. kTimedOut. kOwnerDied: locked, and its owner before ended
  /// while it had it; kNotRecoverable: not locked, and never again. kInvalidArgument: one
  /// that kProtects, and the caller's priority is above its ceiling.
  [[gnu::always_inline]] Result<void> lock(Deadline deadline = Deadline::never()) {
    if (take_normal()) return {};
    return lock_slowly(deadline);
  }
  /// As lock(), but kBusy instead of waiting.
  Result<void> try_lock();
  [[gnu::always_inline]] Result<void> unlock() {
    if (kind_ == kNormal && !kListed && core_.unlock_uncontended()) return {};
    return unlock_slowly();
  }
  /// After kOwnerDied, by the owner: what the mutex guards is in order again.
  /// kInvalidArgument otherwise.
  Result<void> make_consistent();
  /// Of one that kProtects; kInvalidArgument.
  [[nodiscard]] Result<std::uint8_t> ceiling() const;
  /// Locks it, whatever the caller's priority, to change it; what it was. kInvalidArgument as
  /// before; kDeadlock: the caller owns it; kOwnerDied, kNotRecoverable: as lock().
  Result<std::uint8_t> set_ceiling(std::uint8_t ceiling);
  /// kBusy where it is locked.
  Result<void> destroy();

  [[nodiscard]] bool owned_by_current() const { return core_.owned_by_current(); }

  /// For condition variables: unlocks it entirely, however often it is locked, and locks it
  /// as often again. Of one that kProtects the priority stays meanwhile.
  std::uint32_t release_for_wait();
  Result<void> lock_after_wait(std::uint32_t depth);

  /// For a thread that ends with this one locked: a robust one becomes free, its owner
  /// dead; another stays locked for ever.
  void abandon();

 private:
  static constexpr std::uint16_t kDestroyed = 0xdead;
  static constexpr std::uint16_t kExtras = kRobust | kInherits | kProtects;
  // Every mutex is among those that its owner has, so that no wait is for a thread that is
  // gone: where waits are looked through for deadlocks.
  static constexpr bool kListed = config::lock::kDebug;
  enum class State : std::uint8_t { kSound, kInconsistent, kLost };

  [[nodiscard]] bool is_valid() const { return (kind_ & ~kExtras) <= kErrorCheck; }
  [[nodiscard]] bool is_robust() const { return (kind_ & kRobust) != 0; }
  [[nodiscard]] bool inherits() const { return (kind_ & kInherits) != 0; }
  [[nodiscard]] bool protects() const { return (kind_ & kProtects) != 0; }
  [[nodiscard]] bool is_listed() const { return kListed || (kind_ & kExtras) != 0; }
  [[gnu::always_inline]] bool take_normal() {
    return kind_ == kNormal && !kListed && core_.try_lock();
  }
  Result<void> lock_slowly(Deadline deadline);
  Result<void> lock_again();
  Result<void> wait(Deadline deadline);
  Result<void> wait_protected(Deadline deadline);
  void free();
  Result<void> wait_in_vain(Deadline deadline);
  Result<void> taken();
  Result<void> unlock_slowly();

  std::uint16_t kind_ = kNormal;  // first: a static initialiser says it
  State state_ = State::kSound;   // of a robust one; its owner's
  std::uint8_t ceiling_ = 0;      // the owner's; 0: none
  std::uint32_t depth_ = 0;       // how often the owner has locked it beyond once
  atl::Mutex core_;

 public:
  ListHook held_hook;  ///< where it is listed: among those that its owner has
};

}  // namespace atl::posix
