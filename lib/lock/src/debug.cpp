// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/assert.hpp>
#include <atoll/lock.hpp>
#include <cstddef>

namespace atl::detail {
namespace {

struct Held {
  const void* lock = nullptr;
  LockRank rank = LockRank::kUnranked;
};

/// What a CPU holds, in the order taken. Spinning locks are released on the CPU
/// that took them.
struct HeldByCpu {
  std::array<Held, 8> held;
  std::size_t count = 0;
};

constinit std::array<HeldByCpu, kMaxCpus> all_held{};

class Masked {
 public:
  Masked() : state_(arch::Cpu::disable_interrupts()) {}
  ~Masked() { arch::Cpu::restore_interrupts(state_); }
  Masked(const Masked&) = delete;
  Masked& operator=(const Masked&) = delete;

 private:
  arch::Cpu::InterruptState state_;
};

HeldByCpu& held_here() { return all_held[arch::Cpu::cpu_local().index]; }

}  // namespace

void lock_check_acquire(const void* lock, LockRank rank, bool for_interrupts) {
  const Masked masked;
  const bool in_interrupt = arch::Cpu::cpu_local().interrupt_depth > 0;
  ATOLL_ASSERT((for_interrupts || !in_interrupt) && "a SpinLock in an interrupt handler");
  HeldByCpu& here = held_here();
  for (std::size_t i = 0; i < here.count; ++i) {
    const Held& other = here.held[i];
    ATOLL_ASSERT(other.lock != lock && "a lock taken twice");
    ATOLL_ASSERT(
        (rank == LockRank::kUnranked || other.rank == LockRank::kUnranked || other.rank < rank) &&
        "locks taken against their rank");
  }
  ATOLL_ASSERT(here.count < here.held.size() && "too many locks at a time");
  here.held[here.count++] = {lock, rank};
}

void lock_check_release(const void* lock) {
  const Masked masked;
  HeldByCpu& here = held_here();
  std::size_t at = here.count;
  while (at > 0 && here.held[at - 1].lock != lock) --at;
  ATOLL_ASSERT(at > 0 && "a lock released that is not held");
  for (; at < here.count; ++at) here.held[at - 1] = here.held[at];
  --here.count;
}

}  // namespace atl::detail
