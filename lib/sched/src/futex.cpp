// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/futex.hpp>
#include <atoll/sched.hpp>
#include <bit>

#include "internals.hpp"
#include "waiter.hpp"

namespace atl {

namespace detail {
namespace {

struct FutexWaiter : Waiter {
  const futex::Word* word;
};

}  // namespace

/// The threads that wait at the words which share it.
class FutexBucket {
 public:
  constexpr FutexBucket() = default;

  Result<void> wait(const futex::Word& word, std::uint32_t expected, Deadline deadline,
                    Interruptions by) {
    FutexWaiter waiter{{.thread = &sched::current()}, &word};
    WaitQueue::Guard guard{queue_};
    if (word.load(std::memory_order_seq_cst) != expected) return fail(Errc::kTryAgain);
    return queue_.wait(guard, waiter, deadline, by);
  }

  std::size_t wake(const futex::Word& word, std::size_t count) {
    std::size_t woken = 0;
    WaitQueue::Guard guard{queue_};
    while (woken < count) {
      Waiter* const waiter = next_at(word);
      if (waiter == nullptr) break;
      if (queue_.wake(*waiter)) ++woken;
    }
    return woken;
  }

 private:
  Waiter* next_at(const futex::Word& word) const {
    Waiter* best = nullptr;
    for (Waiter* one = queue_.first_; one != nullptr; one = one->next) {
      if (static_cast<FutexWaiter*>(one)->word != &word) continue;
      if (best == nullptr) best = one;
      if constexpr (!sched::Provider::kHasPriorities) break;
      if (sched::woken_before<sched::Provider>(*one->thread, *best->thread)) best = one;
    }
    return best;
  }

  WaitQueue queue_;
};

}  // namespace detail

namespace futex {
namespace {

constexpr std::size_t kBuckets = 64;
static_assert(std::has_single_bit(kBuckets));
constinit std::array<detail::FutexBucket, kBuckets> buckets;

// Multiplicative hashing: words of one structure and equal words of an array go to
// different buckets.
detail::FutexBucket& bucket_of(const Word& word) {
  const std::uint64_t hash =
      (reinterpret_cast<std::uintptr_t>(&word) / sizeof(Word)) * 0x9e37'79b9'7f4a'7c15;
  return buckets[hash >> (64 - std::countr_zero(kBuckets))];
}

}  // namespace

Result<void> wait(const Word& word, std::uint32_t expected, Deadline deadline, Interruptions by) {
  return bucket_of(word).wait(word, expected, deadline, by);
}

std::size_t wake(const Word& word, std::size_t count) { return bucket_of(word).wake(word, count); }

}  // namespace futex
}  // namespace atl
