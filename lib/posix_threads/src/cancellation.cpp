// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "registry.hpp"

// POSIX.1-2017, XSH 2.9.5. The interruption kCancellation is pending exactly while the
// thread has been asked to end and allows it: so waits of a thread that does not allow it
// are not broken.
namespace atl::posix {
namespace {

constexpr std::uint32_t kNotNow = ProgramThread::kDisabled | ProgramThread::kEnding;

bool is_to_end(const ProgramThread& self) {
  const std::uint32_t state = self.cancellation.load(std::memory_order_acquire);
  return (state & ProgramThread::kAsked) != 0 && (state & kNotNow) == 0;
}

}  // namespace

void act_on_cancellation() {
  static_cast<void>(sched::take_interruptions(Interruptions::kCancellation));
  const ProgramThread* const self = ProgramThread::find();
  if (self != nullptr && is_to_end(*self)) exit(kCancelled);
}

Result<void> cancel(ThreadId id) {
  TRY(with_thread(id, [](ProgramThread& found) -> Result<void> {
    const std::uint32_t before =
        found.cancellation.fetch_or(ProgramThread::kAsked, std::memory_order_acq_rel);
    if ((before & (ProgramThread::kAsked | kNotNow)) == 0 && found.thread != nullptr &&
        !found.finished) {
      sched::interrupt(*found.thread, Interruptions::kCancellation);
    }
    return {};
  }));
  const ProgramThread* const self = ProgramThread::find();
  if (self != nullptr && self->id == id && self->asynchronous) act_on_cancellation();
  return {};
}

bool set_cancellable(bool cancellable) {
  ProgramThread* const self = ProgramThread::get();
  if (self == nullptr) return false;
  if (!cancellable) {
    const std::uint32_t before =
        self->cancellation.fetch_or(ProgramThread::kDisabled, std::memory_order_acq_rel);
    static_cast<void>(sched::take_interruptions(Interruptions::kCancellation));
    return (before & ProgramThread::kDisabled) == 0;
  }
  const std::uint32_t before =
      self->cancellation.fetch_and(~ProgramThread::kDisabled, std::memory_order_acq_rel);
  if (is_to_end(*self)) {
    sched::interrupt(sched::current(), Interruptions::kCancellation);
    if (self->asynchronous) act_on_cancellation();
  }
  return (before & ProgramThread::kDisabled) == 0;
}

bool set_asynchronous(bool asynchronous) {
  ProgramThread* const self = ProgramThread::get();
  if (self == nullptr) return false;
  const bool before = self->asynchronous;
  self->asynchronous = asynchronous;
  if (asynchronous) act_on_cancellation();
  return before;
}

}  // namespace atl::posix
