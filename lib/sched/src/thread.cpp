// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "internals.hpp"

#include <algorithm>
#include <atoll/assert.hpp>

#include "owners.hpp"

namespace atl {

Thread::Thread(std::uint32_t id, const sched::ThreadOptions& options)
    : process(options.process != nullptr ? options.process : sched::current().process),
      signal_mask(sched::current().signal_mask.load(std::memory_order_relaxed)),
      id_(id),
      priority_(options.scheduling != nullptr ? options.scheduling->priority : options.priority),
      policy_(options.scheduling != nullptr ? options.scheduling->policy : sched::Policy::kNormal),
      detached_(options.detached),
      affinity_(options.affinity),
      loans_(priority()) {
  const std::string_view kept = options.name.substr(0, kMaxName);
  std::copy(kept.begin(), kept.end(), name_.begin());
}

void Thread::set_name(std::string_view name) {
  const auto end = std::copy_n(name.begin(), std::min(name.size(), kMaxName), name_.begin());
  std::fill(end, name_.end(), '\0');
}

namespace sched {

Result<Thread*> create(const ThreadOptions& options, Entry entry, void* argument) {
  constexpr CpuMask kCpus = kEveryCpu >> (64 - kMaxCpus);
  if (options.priority > ThreadOptions::kHighestPriority) return fail(Errc::kInvalidArgument);
  if ((options.affinity & kCpus) == 0) return fail(Errc::kInvalidArgument);
  if (options.scheduling != nullptr) TRY(check_scheduling(*options.scheduling));
  return Provider::create(options, entry, argument);
}

void exit() {
  Thread& self = current();
  ATOLL_ASSERT(!self.is_main());
  ATOLL_ASSERT(may_wait());
  while (ExitHook* const hook = Internals::exit_hooks(self)) {
    Internals::exit_hooks(self) = hook->next;
    hook->run(*hook, self);
  }
  // From the moment that a joiner may free this thread it must not lose the CPU
  // except by leaving.
  static_cast<void>(arch::Cpu::disable_interrupts());
  bool reclaim = false;
  {
    WaitQueue::Guard guard{Internals::exit_queue(self)};
    Internals::exited(self) = true;
    reclaim = Internals::detached(self);
    if constexpr (config::sched::kTracksOwners) forget_loans(self);
    Internals::exit_queue(self).wake_all(guard);
  }
  Provider::leave(self, reclaim);
  ATOLL_ASSERT(false);
  __builtin_unreachable();
}

Result<void> join(Thread& thread, Deadline deadline, Interruptions by) {
  if (&thread == &current()) return fail(Errc::kDeadlock);
  {
    WaitQueue& queue = Internals::exit_queue(thread);
    WaitQueue::Guard guard{queue};
    if (Internals::detached(thread) || Internals::joining(thread)) {
      return fail(Errc::kInvalidArgument);
    }
    Internals::joining(thread) = true;
    while (!Internals::exited(thread)) {
      const Result<void> waited = queue.wait(guard, deadline, by);
      if (!waited.ok() && !Internals::exited(thread)) {
        Internals::joining(thread) = false;
        return waited;
      }
    }
  }
  Provider::destroy(thread);
  return {};
}

Result<void> detach(Thread& thread) {
  bool exited = false;
  {
    WaitQueue::Guard guard{Internals::exit_queue(thread)};
    if (Internals::detached(thread) || Internals::joining(thread)) {
      return fail(Errc::kInvalidArgument);
    }
    Internals::detached(thread) = true;
    exited = Internals::exited(thread);
  }
  if (exited) Provider::destroy(thread);
  return {};
}

}  // namespace sched
}  // namespace atl
