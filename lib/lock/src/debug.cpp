// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/assert.hpp>
#include <atoll/lock.hpp>
#include <cstddef>

namespace atl::detail {
namespace {

// Spinning locks are released on the CPU that took them.
constinit std::array<HeldLocks, kMaxCpus> all_held{};

class Masked {
 public:
  Masked() : state_(arch::Cpu::disable_interrupts()) {}
  ~Masked() { arch::Cpu::restore_interrupts(state_); }
  Masked(const Masked&) = delete;
  Masked& operator=(const Masked&) = delete;

 private:
  arch::Cpu::InterruptState state_;
};

HeldLocks& held_here() { return all_held[arch::Cpu::cpu_local().index]; }

}  // namespace

void lock_check_acquire(const void* lock, LockRank rank, bool for_interrupts) {
  ATOLL_ASSERT(!(for_interrupts && arch::Cpu::interrupts_enabled()) &&
               "an IrqSpinLock taken without masking interrupts");
  const Masked masked;
  const bool in_interrupt = arch::Cpu::cpu_local().interrupt_depth > 0;
  ATOLL_ASSERT((for_interrupts || !in_interrupt) && "a SpinLock in an interrupt handler");
  held_here().add(lock, rank);
}

void lock_check_release(const void* lock) {
  const Masked masked;
  held_here().remove(lock);
}

void lock_check_wait() {
  const Masked masked;
  ATOLL_ASSERT(held_here().size() == 1 && "a wait under a spin lock");
}

void HeldLocks::add(const void* lock, LockRank rank) {
  for (std::size_t i = 0; i < count_; ++i) {
    const Held& other = held_[i];
    ATOLL_ASSERT(other.lock != lock && "a lock taken twice");
    ATOLL_ASSERT(
        (rank == LockRank::kUnranked || other.rank == LockRank::kUnranked || other.rank < rank) &&
        "locks taken against their rank");
  }
  ATOLL_ASSERT(count_ < held_.size() && "too many locks at a time");
  held_[count_++] = {lock, rank};
}

void HeldLocks::remove(const void* lock) {
  std::size_t at = count_;
  while (at > 0 && held_[at - 1].lock != lock) --at;
  ATOLL_ASSERT(at > 0 && "a lock released that is not held");
  for (; at < count_; ++at) held_[at - 1] = held_[at];
  --count_;
}

}  // namespace atl::detail
