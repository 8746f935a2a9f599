// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/provider/sched.hpp>
#include <atoll/scheduling.hpp>
#include <atoll/wait_queue.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace atl {

class Process;
class Thread;

/// CPUs that a thread may run on: bit n is the CPU with index n.
using CpuMask = std::uint64_t;
inline constexpr CpuMask kEveryCpu = ~CpuMask{0};
inline constexpr CpuMask kBootCpu = 1;
static_assert(kMaxCpus <= 64);

/// Something to do in a thread's own context when it ends: libc's thread-local
/// destructors, a descriptor's release. Lives until it has run.
struct ExitHook {
  void (*run)(ExitHook& hook, Thread& thread) = nullptr;
  ExitHook* next = nullptr;
};

namespace sched {
class Internals;

/// What a thread does; a snapshot, for people.
enum class State : std::uint8_t { kReady, kRunning, kWaiting, kExited };

/// What create() is told. Larger priorities are more important; a scheduler
/// without priorities ignores them.
struct ThreadOptions {
  static constexpr std::uint8_t kDefaultPriority = Scheduling{}.priority;
  static constexpr std::uint8_t kHighestPriority = 31;

  std::string_view name = {};   ///< copied; the first Thread::kMaxName bytes count
  std::size_t stack_bytes = 0;  ///< 0: option SCHED_STACK_KIB; rounded up to pages
  /// Null: one of the scheduler's, above a guard page. Else `stack_bytes` of the caller's, both
  /// multiples of 16, without a guard page; lent until the thread has been joined, a detached
  /// one until another has run after it.
  void* stack = nullptr;
  std::uint8_t priority = kDefaultPriority;
  CpuMask affinity = kEveryCpu;
  bool detached = false;       ///< nobody will join it
  Process* process = nullptr;  ///< null: the creator's
  /// For the call of create(): in place of `priority`; null for kNormal with it.
  const Scheduling* scheduling = nullptr;
};

struct Loan;

/// Who waits for what a thread owns (WaitQueue::wait_for()).
struct Loans {
  constexpr explicit Loans(std::uint8_t priority = ThreadOptions::kDefaultPriority)
      : own_priority(priority) {}
  std::uint8_t own_priority;
  Loan* taken = nullptr;  ///< of those that wait for this thread
  Loan* given = nullptr;  ///< while this one waits for another
};
struct NoLoans {
  constexpr explicit NoLoans(std::uint8_t = 0) {}
};
struct NoHeldLocks {};
}  // namespace sched

/// A thread of execution. sched makes and destroys it: a pointer is good until
/// the thread is joined, or, detached, until it exits.
class Thread : public sched::ProviderThread {
 public:
  static constexpr std::size_t kMaxName = 15;

  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  /// Ends in NUL as well.
  [[nodiscard]] std::string_view name() const { return {name_.data()}; }
  /// 1 for the main thread, never used again.
  [[nodiscard]] std::uint32_t id() const { return id_; }
  [[nodiscard]] sched::State state() const { return state_.load(std::memory_order_relaxed); }
  [[nodiscard]] bool is_main() const { return id_ == kMainId; }
  /// What it counts with now: its own or one that it inherits.
  [[nodiscard]] std::uint8_t priority(std::memory_order order = std::memory_order_relaxed) const {
    return priority_.load(order);
  }
  [[nodiscard]] CpuMask affinity(std::memory_order order = std::memory_order_relaxed) const {
    return affinity_.load(order);
  }

  /// Whose descriptors, directory and address space it uses; null in an image
  /// without processes. Owned by the process library.
  Process* process = nullptr;
  /// What the library of the program's threads keeps for this one; null for a thread
  /// that has run none of the program. Owned by posix_threads.
  void* program_block = nullptr;
  /// The signals that the thread does not take now, the creator's at first, and what else
  /// posix_signals, which owns both, keeps for it.
  std::atomic<std::uint64_t> signal_mask = 0;
  void* signal_block = nullptr;

  /// With LOCK_DEBUG: the ranked locks that wait that it holds. Its own.
  [[no_unique_address]] std::conditional_t<config::lock::kDebug, detail::HeldLocks,
                                           sched::NoHeldLocks>
      held_locks;

  /// Takes the first kMaxName bytes. Who reads meanwhile may see a mixture of both.
  void set_name(std::string_view name);

  /// Puts `hook` in front of those that run when this thread exits. Only by the
  /// thread itself or before it starts.
  void add_exit_hook(ExitHook& hook) {
    hook.next = exit_hooks_;
    exit_hooks_ = &hook;
  }

  /// For schedulers, inside block(): whether the wait of this thread goes on.
  [[nodiscard]] bool is_blocked() const {
    return (wait_.load(std::memory_order_acquire) & kBlocked) != 0;
  }
  /// For schedulers: what state() tells.
  void set_state(sched::State state) { state_.store(state, std::memory_order_relaxed); }

  /// For schedulers, which make and destroy threads.
  Thread(std::uint32_t id, const sched::ThreadOptions& options);
  /// The main thread, which is never destroyed, and begins on the boot CPU.
  constexpr Thread()
      : name_{"main"}, id_(kMainId), state_(sched::State::kRunning), affinity_(kBootCpu) {}

 private:
  friend class sched::Internals;
  static constexpr std::uint32_t kMainId = 1;
  static constexpr std::uint32_t kBlocked = 0x100;

  std::array<char, kMaxName + 1> name_{};
  std::uint32_t id_;
  std::atomic<std::uint8_t> priority_ = sched::ThreadOptions::kDefaultPriority;
  std::atomic<sched::Policy> policy_ = sched::Policy::kNormal;
  std::atomic<sched::State> state_ = sched::State::kReady;
  // kBlocked and the Interruptions that may break the wait, else its Outcome: one
  // word, so that an interruption never breaks a later wait than it saw.
  std::atomic<std::uint32_t> wait_ = 0;
  std::atomic<std::uint32_t> pending_ = 0;  // Interruptions asked for
  bool detached_ = false;                   // this and the next two: under exit_queue_
  bool joining_ = false;
  bool exited_ = false;
  std::atomic<CpuMask> affinity_ = kEveryCpu;
  ExitHook* exit_hooks_ = nullptr;
  WaitQueue exit_queue_;
  [[no_unique_address]] std::conditional_t<config::sched::kTracksOwners, sched::Loans,
                                           sched::NoLoans>
      loans_;
};

}  // namespace atl
