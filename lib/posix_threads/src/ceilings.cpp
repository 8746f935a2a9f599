// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>

#include "registry.hpp"

// The priority ceiling protocol: POSIX.1-2017, XSH pthread_mutexattr_getprotocol().
namespace atl::posix {
namespace {

using sched::Scheduling;

// A deadline goes before every priority, and a change would begin its period anew.
bool counts(const Scheduling& own) { return own.policy != sched::Policy::kDeadline; }

Scheduling raised(const Scheduling& own, std::uint8_t ceiling) {
  Scheduling scheduling = own;
  if (counts(own)) scheduling.priority = std::max(own.priority, ceiling);
  return scheduling;
}

// Not under the lock, as the caller may lose the CPU: others may change its own scheduling
// meanwhile.
void apply(ProgramThread& self, std::uint8_t ceiling) {
  Scheduling before = registry.with([&](Registry&) {
    if (self.ceiling == 0) self.own_scheduling = sched::scheduling(*self.thread);
    self.ceiling = ceiling;
    return self.own_scheduling;
  });
  while (counts(before)) {
    static_cast<void>(sched::set_scheduling(*self.thread, raised(before, ceiling)));
    const Scheduling now =
        registry.with([&](Registry&) { return ceiling != 0 ? self.own_scheduling : before; });
    if (now.policy == before.policy && now.priority == before.priority) return;
    before = now;
  }
}

}  // namespace

sched::Scheduling own_scheduling(const ProgramThread& thread) {
  return thread.ceiling != 0 ? thread.own_scheduling : sched::scheduling(*thread.thread);
}

Result<void> raise_to(std::uint8_t priority) {
  ProgramThread* const self = ProgramThread::get();
  if (self == nullptr) return fail(Errc::kNoMemory);
  const Scheduling own = registry.with([&](Registry&) { return own_scheduling(*self); });
  if (counts(own) && own.priority > priority) return fail(Errc::kInvalidArgument);
  if (priority > self->ceiling) apply(*self, priority);
  return {};
}

void keep_ceilings() {
  ProgramThread* const self = ProgramThread::find();
  if (self == nullptr) return;
  std::uint8_t highest = 0;
  for (const Mutex& held : self->held) {
    const auto ceiling = held.ceiling();
    if (ceiling.ok()) highest = std::max(highest, ceiling.value());
  }
  if (highest != self->ceiling) apply(*self, highest);
}

Result<void> set_scheduling(ThreadId id, const Scheduling& scheduling) {
  const bool own = id == self();
  if (own) {
    const std::uint8_t ceiling = ProgramThread::find()->ceiling;
    TRY(sched::set_scheduling(sched::current(), raised(scheduling, ceiling)));
  }
  return with_thread(id, [&](ProgramThread& found) -> Result<void> {
    if (found.thread == nullptr || found.finished) return fail(kNoSuchThread);
    if (!own) TRY(sched::set_scheduling(*found.thread, raised(scheduling, found.ceiling)));
    found.own_scheduling = scheduling;
    return {};
  });
}

Result<Scheduling> scheduling(ThreadId id) {
  return with_thread(id, [](ProgramThread& found) -> Result<Scheduling> {
    if (found.thread == nullptr || found.finished) return fail(kNoSuchThread);
    return own_scheduling(found);
  });
}

}  // namespace atl::posix
