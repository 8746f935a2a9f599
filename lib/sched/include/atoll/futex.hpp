// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <atoll/wait.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>

/// Waiting for a word in memory to change: no object beside the word, which may be
/// freed as soon as nobody will look at it again. What futex(2) calls FUTEX_WAIT
/// and FUTEX_WAKE.
///
///     while (word.load() == kBusy) {              word.store(kFree);
///       TRY(futex::wait(word, kBusy, deadline));  futex::wake(word);
///     }
///
/// Threads that wait at other words can share a lock and a list with these for as long
/// as it takes to pass over them.
namespace atl::futex {

using Word = std::atomic<std::uint32_t>;

/// Waits while `word` is `expected`, in one step with the comparison: a wake() after the
/// word has changed is not lost. Ok when woken, which says nothing about the value.
/// kTryAgain at once where the word is another; kTimedOut, kInterrupted as
/// WaitQueue::wait(). By a thread.
Result<void> wait(const Word& word, std::uint32_t expected, Deadline deadline = Deadline::never(),
                  Interruptions by = Interruptions::kAny);

/// Wakes at most `count` of those that wait at `word`, longest waiting first (a scheduler
/// with priorities: the highest first). Their number. Any context; the word is not read,
/// and need not be there any more.
std::size_t wake(const Word& word, std::size_t count = 1);

/// How many wait at a word, to wake all of them.
inline constexpr std::size_t kEveryone = ~std::size_t{0};

}  // namespace atl::futex
