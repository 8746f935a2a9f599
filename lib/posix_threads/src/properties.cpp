// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>

#include "registry.hpp"

namespace atl::posix {

Result<void> set_name(ThreadId id, std::string_view name) {
  if (name.size() > Thread::kMaxName) return fail(Errc::kOutOfRange);
  return with_thread(id, [&](ProgramThread& found) -> Result<void> {
    if (found.thread == nullptr || found.finished) return fail(kNoSuchThread);
    found.thread->set_name(name);
    return {};
  });
}

Result<void> copy_name(ThreadId id, char* name, std::size_t size) {
  return with_thread(id, [&](ProgramThread& found) -> Result<void> {
    if (found.thread == nullptr || found.finished) return fail(kNoSuchThread);
    const std::string_view kept = found.thread->name();
    if (size <= kept.size()) return fail(Errc::kOutOfRange);
    *std::copy(kept.begin(), kept.end(), name) = '\0';
    return {};
  });
}

Result<void> set_scheduling(ThreadId id, const sched::Scheduling& scheduling) {
  if (id == self()) return sched::set_scheduling(sched::current(), scheduling);
  return with_thread(id, [&](ProgramThread& found) -> Result<void> {
    if (found.thread == nullptr || found.finished) return fail(kNoSuchThread);
    return sched::set_scheduling(*found.thread, scheduling);
  });
}

Result<sched::Scheduling> scheduling(ThreadId id) {
  return with_thread(id, [](ProgramThread& found) -> Result<sched::Scheduling> {
    if (found.thread == nullptr || found.finished) return fail(kNoSuchThread);
    return sched::scheduling(*found.thread);
  });
}

}  // namespace atl::posix
