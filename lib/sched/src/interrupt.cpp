// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "internals.hpp"

namespace atl::sched {

void interrupt(Thread& thread, Interruptions reasons) {
  Internals::pending(thread).fetch_or(static_cast<std::uint32_t>(reasons),
                                      std::memory_order_seq_cst);
  if (!any(reasons)) return;
  const InterruptMask masked;
  Internals::wake(thread, Outcome::kInterrupted, reasons);
}

void interrupt_all(Interruptions reasons) {
  for_each([](Thread& thread,
              void* context) { interrupt(thread, *static_cast<const Interruptions*>(context)); },
           &reasons);
}

Interruptions pending_interruptions() {
  return Interruptions{Internals::pending(current()).load(std::memory_order_relaxed)};
}

Interruptions take_interruptions(Interruptions reasons) {
  const auto taken = static_cast<std::uint32_t>(reasons);
  const std::uint32_t before =
      Internals::pending(current()).fetch_and(~taken, std::memory_order_acq_rel);
  return Interruptions{before & taken};
}

void for_each(void (*visit)(Thread& thread, void* context), void* context) {
  const InterruptMask masked;
  Provider::for_each(visit, context);
}

}  // namespace atl::sched
