// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/interrupt_mask.hpp>

#include "internals.hpp"
#include "owners.hpp"

namespace atl::sched {
namespace {

static_assert(!config::sched::kPriorityInheritance || KnowsPriorityChanges<Provider>,
              "a scheduler that selects SCHED_HAS_PRIORITIES has priority_changed()");

template <typename P>
void tell_changed(Thread& thread) {
  if constexpr (KnowsPriorityChanges<P>) {
    const InterruptMask masked;
    P::priority_changed(thread);
  }
}

template <typename P>
Result<void> tell(Thread& thread, const Scheduling& scheduling) {
  const auto keep = [&] {
    if constexpr (config::sched::kTracksOwners) {
      set_own_priority(thread, scheduling.priority);
    } else {
      Internals::change_priority(thread, scheduling.priority);
    }
    Internals::policy(thread).store(scheduling.policy, std::memory_order_relaxed);
  };
  if constexpr (AttributesContract<P>) {
    const InterruptMask masked;
    TRY(P::set_scheduling(thread, scheduling));
    keep();
  } else {
    keep();
  }
  return {};
}

template <typename P>
Scheduling ask(Thread& thread) {
  if constexpr (AttributesContract<P>) {
    const InterruptMask masked;
    return P::scheduling(thread);
  } else {
    std::uint8_t priority = thread.priority();
    if constexpr (config::sched::kTracksOwners) priority = own_priority(thread);
    return {.policy = Internals::policy(thread).load(std::memory_order_relaxed),
            .priority = priority};
  }
}

template <typename P>
Result<void> move(Thread& thread, CpuMask affinity) {
  if ((affinity & usable_cpus()) == 0) return fail(Errc::kInvalidArgument);
  if constexpr (P::kManyCpus && !AffinityContract<P>) return fail(Errc::kNotSupported);
  Internals::affinity(thread).store(affinity, std::memory_order_seq_cst);
  if constexpr (AffinityContract<P>) {
    const InterruptMask masked;
    P::affinity_changed(thread);
  }
  return {};
}

}  // namespace

void Internals::change_priority(Thread& thread, std::uint8_t priority) {
  thread.priority_.store(priority, std::memory_order_seq_cst);
  tell_changed<Provider>(thread);
}

Result<void> set_scheduling(Thread& thread, const Scheduling& scheduling) {
  TRY(check_scheduling(scheduling));
  TRY(tell<Provider>(thread, scheduling));
  // One that has become less important than a ready one gives way.
  if (&thread == &current() && may_wait()) yield();
  return {};
}

Scheduling scheduling(Thread& thread) { return ask<Provider>(thread); }

Result<void> set_affinity(Thread& thread, CpuMask affinity) {
  return move<Provider>(thread, affinity);
}

}  // namespace atl::sched
