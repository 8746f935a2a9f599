// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/posix/signal_reach.hpp>
#include <atoll/sched.hpp>
#include <atoll/smp.hpp>

namespace atl {
namespace posix {
namespace {

struct Order {
  WaitQueue queue;
  bool given = false;  // under the queue's lock
};
constinit Order order;

void reach() {
  WaitQueue::Guard guard{order.queue};
  order.given = true;
  order.queue.wake_one(guard);
}

void wait_for_order() {
  WaitQueue::Guard guard{order.queue};
  while (!order.given) {
    static_cast<void>(order.queue.wait(guard, Deadline::never(), Interruptions::kNone));
  }
  order.given = false;
}

void run(void*) {
  sched::current().signal_mask.store(~std::uint64_t{0}, std::memory_order_relaxed);
  while (true) {
    wait_for_order();
    // It was made while the image booted, with interrupts masked.
    arch::Cpu::enable_interrupts();
    smp::call(
        smp::running(), [](void*) { remind_here(); }, nullptr);
  }
}

}  // namespace
}  // namespace posix

Result<void> posix_signals_cpus_init() {
  TRY(sched::create({.name = "signals",
                     .stack_bytes = 8192,
                     .priority = sched::ThreadOptions::kHighestPriority,
                     .detached = true},
                    posix::run, nullptr));
  posix::set_reach(posix::reach);
  return {};
}

}  // namespace atl
