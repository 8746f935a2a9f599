// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>

#include "registry.hpp"

namespace atl::posix {
namespace {

// Main's stack is the boot's, whose bounds are not known here; nor are those of a
// scheduler that keeps its stacks otherwise.
template <typename T>
Result<void> describe_stack(const T& thread, ThreadProperties& properties) {
  if constexpr (requires { thread.stack_is_lent; }) {
    if (thread.stack.size == 0) return fail(Errc::kNotSupported);
    properties.stack = thread.stack.bottom.template as<void>();
    properties.stack_bytes = thread.stack.size;
    properties.stack_is_lent = thread.stack_is_lent;
    return {};
  }
  return fail(Errc::kNotSupported);
}

}  // namespace

Result<ThreadProperties> properties(ThreadId id) {
  return with_thread(id, [](ProgramThread& found) -> Result<ThreadProperties> {
    if (found.thread == nullptr || found.finished) return fail(kNoSuchThread);
    ThreadProperties properties{.detached = found.detached,
                                .affinity = found.affinity & sched::usable_cpus(),
                                .scheduling = own_scheduling(found)};
    TRY(describe_stack(*found.thread, properties));
    return properties;
  });
}

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

Result<void> set_affinity(ThreadId id, CpuMask affinity) {
  // Not under the lock: it may lose the CPU.
  const bool own = id == self();
  if (own) TRY(sched::set_affinity(sched::current(), affinity));
  return with_thread(id, [&](ProgramThread& found) -> Result<void> {
    if (found.thread == nullptr || found.finished) return fail(kNoSuchThread);
    if (!own) TRY(sched::set_affinity(*found.thread, affinity));
    found.affinity = affinity;
    return {};
  });
}

Result<CpuMask> affinity(ThreadId id) {
  return with_thread(id, [](ProgramThread& found) -> Result<CpuMask> {
    if (found.thread == nullptr || found.finished) return fail(kNoSuchThread);
    return found.affinity & sched::usable_cpus();
  });
}

Result<ThreadId> thread_with(std::uint32_t id) {
  return registry.with([&](Registry& all) -> Result<ThreadId> {
    const ProgramThread* const found = all.find_if([&](const ProgramThread& one) {
      return one.thread != nullptr && !one.finished && one.thread->id() == id;
    });
    if (found == nullptr) return fail(kNoSuchThread);
    return found->id;
  });
}

}  // namespace atl::posix
