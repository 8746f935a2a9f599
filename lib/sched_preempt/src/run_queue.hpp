// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/sched.hpp>
#include <atomic>
#include <bit>
#include <cstdint>

namespace atl::sched {

/// Ready threads by priority; first come, first served in each. Every operation but
/// steal() is O(1). Takes no lock.
class RunQueue {
 public:
  /// Below every thread's.
  static constexpr int kNone = -1;

  /// Whose queue it is; before its first use, the boot CPU's unless told.
  void set_cpu(std::uint32_t index) { cpu_ = index; }

  /// Behind those of its priority, or in front of them.
  void push_back(Thread& thread) { line_for(thread).push_back(thread); }
  void push_front(Thread& thread) { line_for(thread).push_front(thread); }

  /// The priority of the next thread, or kNone. Without the lock, too: a snapshot then.
  [[nodiscard]] int highest() const {
    return static_cast<int>(std::bit_width(occupied_.load(std::memory_order_relaxed))) - 1;
  }
  /// How many there are, of an image for several CPUs. Without the lock, too.
  [[nodiscard]] std::uint32_t size() const { return size_.load(std::memory_order_relaxed); }
  /// Takes the next thread out, if its priority is `at_least` that; else null.
  Thread* pop(int at_least = 0) {
    const int priority = highest();
    if (priority < at_least) return nullptr;
    auto* const thread = static_cast<Thread*>(lines_[static_cast<std::size_t>(priority)].front());
    take_out(*thread);
    return thread;
  }

  /// For a CPU other than the queue's, with the index `cpu`: takes out the next thread
  /// that may run there, if its priority is `at_least` that; else null. Passes over those
  /// whose stack a CPU still uses.
  Thread* steal(std::uint32_t cpu, int at_least);

  /// Takes `thread` out, which is in this queue.
  void remove(Thread& thread) { take_out(thread); }

  /// Puts `thread`, which is in this queue and whose priority has changed, behind those
  /// of its new one.
  void move(Thread& thread);

 private:
  static constexpr std::size_t kPriorities = ThreadOptions::kHighestPriority + 1;
  using Line = List<ProviderThread, &ProviderThread::ready_hook>;

  // Under the lock there is one writer: no read-modify-write is needed.
  static constexpr auto kRelaxed = std::memory_order_relaxed;

  Line& line_for(Thread& thread) {
    // The priority may change meanwhile. Who changes it and then looks where the thread is
    // finds it here, or it is the new one that is read.
    constexpr auto kOrder = kMaxCpus > 1 ? std::memory_order_seq_cst : kRelaxed;
    thread.queued_on.store(cpu_, kOrder);
    thread.line = thread.priority(kOrder);
    occupied_.store(occupied_.load(kRelaxed) | 1u << thread.line, kRelaxed);
    if constexpr (kMaxCpus > 1) size_.store(size_.load(kRelaxed) + 1, kRelaxed);
    return lines_[thread.line];
  }
  void take_out(Thread& thread) {
    Line& line = lines_[thread.line];
    line.remove(thread);
    if (line.empty()) occupied_.store(occupied_.load(kRelaxed) & ~(1u << thread.line), kRelaxed);
    if constexpr (kMaxCpus > 1) size_.store(size_.load(kRelaxed) - 1, kRelaxed);
    thread.queued_on.store(ProviderThread::kNowhere, kRelaxed);
  }

  std::uint32_t cpu_ = 0;
  std::array<Line, kPriorities> lines_;
  std::atomic<std::uint32_t> occupied_ = 0;  // bit n: lines_[n] is not empty
  std::atomic<std::uint32_t> size_ = 0;
  static_assert(kPriorities <= 32);
};

}  // namespace atl::sched
