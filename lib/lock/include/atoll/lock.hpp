// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch.hpp>
#include <atoll/config/lock.hpp>
#include <atoll/detail/held_locks.hpp>
#include <atoll/detail/spin.hpp>
#include <atoll/interrupt_mask.hpp>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace atl {

namespace detail {
void lock_check_acquire(const void* lock, LockRank rank, bool for_interrupts);
void lock_check_release(const void* lock);
/// The caller is about to give up the one lock that it holds and to wait.
void lock_check_wait();
}  // namespace detail

/// Guards what interrupt handlers touch, too: masks interrupts on this CPU while
/// held. Any context; hold it for a few hundred instructions at most and never
/// wait. One CPU: nothing but the masking.
template <LockRank Rank = LockRank::kUnranked>
class RankedIrqSpinLock {
 public:
  /// What acquire() hands to release().
  using State = arch::Cpu::InterruptState;

  constexpr RankedIrqSpinLock() = default;
  RankedIrqSpinLock(const RankedIrqSpinLock&) = delete;
  RankedIrqSpinLock& operator=(const RankedIrqSpinLock&) = delete;

  [[nodiscard]] State acquire() {
    const State state = arch::Cpu::disable_interrupts();
    acquire_masked();
    return state;
  }
  void release(State state) {
    release_masked();
    detail::unmask_interrupts(state);
  }

  /// acquire() and release() for who has masked interrupts, and unmasks them later.
  void acquire_masked() {
    if constexpr (config::lock::kDebug) detail::lock_check_acquire(this, Rank, true);
    spin_.acquire();
  }
  void release_masked() {
    if constexpr (config::lock::kDebug) detail::lock_check_release(this);
    spin_.release();
  }

 private:
  [[no_unique_address]] detail::Spin spin_;
};

/// Guards what interrupt handlers never touch. Not from an interrupt handler;
/// hold it briefly and never wait. One CPU without preemption: nothing at all.
/// Where the scheduler preempts it masks interrupts, so that its holder keeps
/// the CPU.
template <LockRank Rank = LockRank::kUnranked>
class RankedSpinLock {
  struct Nothing {};
  static constexpr bool kMasks = config::lock::kPreemption;

 public:
  using State = std::conditional_t<kMasks, arch::Cpu::InterruptState, Nothing>;

  constexpr RankedSpinLock() = default;
  RankedSpinLock(const RankedSpinLock&) = delete;
  RankedSpinLock& operator=(const RankedSpinLock&) = delete;

  [[nodiscard]] State acquire() {
    State state{};
    if constexpr (kMasks) state = arch::Cpu::disable_interrupts();
    if constexpr (config::lock::kDebug) detail::lock_check_acquire(this, Rank, false);
    spin_.acquire();
    return state;
  }
  void release([[maybe_unused]] State state) {
    if constexpr (config::lock::kDebug) detail::lock_check_release(this);
    spin_.release();
    if constexpr (kMasks) detail::unmask_interrupts(state);
  }

 private:
  [[no_unique_address]] detail::Spin spin_;
};

using IrqSpinLock = RankedIrqSpinLock<>;
using SpinLock = RankedSpinLock<>;

/// Holds a lock for a scope: `Guard guard{lock_};`.
template <typename Lock>
class [[nodiscard]] Guard {
 public:
  explicit Guard(Lock& lock) : lock_(lock), state_(lock.acquire()) {}
  ~Guard() { lock_.release(state_); }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

 private:
  Lock& lock_;
  [[no_unique_address]] typename Lock::State state_;
};

/// Holds an IrqSpinLock for a scope in which interrupts are masked anyway: nothing but the
/// spinning.
template <typename Lock>
class [[nodiscard]] MaskedGuard {
 public:
  explicit MaskedGuard(Lock& lock) : lock_(lock) { lock_.acquire_masked(); }
  ~MaskedGuard() { lock_.release_masked(); }
  MaskedGuard(const MaskedGuard&) = delete;
  MaskedGuard& operator=(const MaskedGuard&) = delete;

 private:
  Lock& lock_;
};

/// Data that cannot be reached without its lock:
/// `const auto free = pool.with([](Pool& pool) { return pool.free; });`.
/// The reference must not leave the function.
template <typename T, typename Lock = IrqSpinLock>
class Locked {
 public:
  template <typename... Arguments>
  constexpr explicit Locked(Arguments&&... arguments)
      : value_{std::forward<Arguments>(arguments)...} {}
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

  template <typename Function>
  decltype(auto) with(Function&& function) {
    Guard guard{lock_};
    return std::forward<Function>(function)(value_);
  }
  template <typename Function>
  decltype(auto) with(Function&& function) const {
    Guard guard{lock_};
    return std::forward<Function>(function)(value_);
  }

  /// The data, its lock not taken: for a panic, which may have interrupted the
  /// holder and must not wait.
  T& without_lock() { return value_; }

 private:
  [[no_unique_address]] mutable Lock lock_;
  T value_;
};

}  // namespace atl
