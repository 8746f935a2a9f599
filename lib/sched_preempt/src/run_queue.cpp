// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "run_queue.hpp"

namespace atl::sched {
namespace {

bool may_run_on(const Thread& thread, std::uint32_t cpu) {
  // seq_cst: see leave_behind() in placement_many.cpp.
  return (thread.affinity() >> cpu & 1) != 0 && !thread.on_cpu.load(std::memory_order_seq_cst);
}

}  // namespace

void RunQueue::move(Thread& thread) {
  take_out(thread);
  push_back(thread);
}

Thread* RunQueue::steal(std::uint32_t cpu, int at_least) {
  std::uint32_t left = occupied_.load(std::memory_order_relaxed);
  while (left != 0) {
    const int priority = static_cast<int>(std::bit_width(left)) - 1;
    if (priority < at_least) return nullptr;
    const auto index = static_cast<std::size_t>(priority);
    for (ProviderThread& one : lines_[index]) {
      Thread& thread = static_cast<Thread&>(one);
      if (!may_run_on(thread, cpu)) continue;
      take_out(thread);
      return &thread;
    }
    left &= ~(1u << index);
  }
  return nullptr;
}

}  // namespace atl::sched
