// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/libc.hpp>
#include <atoll/posix/thread.hpp>
#include <cstring>

#include "objects.hpp"

// Linux man-pages sched_setaffinity(2), pthread_setaffinity_np(3),
// pthread_attr_setaffinity_np(3). A cpu_set_t is words of 64 CPUs; there are no more.

using namespace atl::posix;
using namespace atl::posix::door;
using atl::CpuMask;
using atl::Errc;
using atl::Result;

namespace {

// A set that is shorter than a word is its first bytes.
CpuMask read(std::size_t size, const void* set) {
  CpuMask cpus = 0;
  std::memcpy(&cpus, set, size < sizeof cpus ? size : sizeof cpus);
  return cpus;
}

Result<void> write(CpuMask cpus, std::size_t size, void* set) {
  if (size < sizeof cpus || size % sizeof cpus != 0) return fail(Errc::kInvalidArgument);
  std::memset(set, 0, size);
  std::memcpy(set, &cpus, sizeof cpus);
  return {};
}

Result<void> write(const Result<CpuMask>& cpus, std::size_t size, void* set) {
  return cpus.ok() ? write(cpus.value(), size, set) : fail(cpus.error());
}

// gettid(2)'s number; 0: the caller.
Result<ThreadId> thread_of(int number) {
  return number == 0 ? self() : thread_with(static_cast<std::uint32_t>(number));
}

int give(const Result<void>& result) {
  return result.ok() ? 0 : atl::libc::fail_with(result.error());
}

}  // namespace

extern "C" {

int pthread_setaffinity_np(ThreadId thread, std::size_t size, const void* set) {
  return number(set_affinity(thread, read(size, set)));
}
int pthread_getaffinity_np(ThreadId thread, std::size_t size, void* set) {
  return number(write(affinity(thread), size, set));
}

int sched_setaffinity(int number, std::size_t size, const void* set) {
  const Result<ThreadId> thread = thread_of(number);
  return give(thread.ok() ? set_affinity(thread.value(), read(size, set)) : fail(thread.error()));
}
int sched_getaffinity(int number, std::size_t size, void* set) {
  const Result<ThreadId> thread = thread_of(number);
  return give(thread.ok() ? write(affinity(thread.value()), size, set) : fail(thread.error()));
}

// Whether there are such CPUs is asked when a thread is created, but that there are any.
int pthread_attr_setaffinity_np(Attributes* attributes, std::size_t size, const void* set) {
  const CpuMask cpus = set == nullptr ? 0 : read(size, set);
  const bool none = set == nullptr || size == 0;
  return door::set(attributes, &Attributes::affinity, cpus, none || cpus != 0);
}
int pthread_attr_getaffinity_np(const Attributes* attributes, std::size_t size, void* set) {
  if (attributes->kind != kInitialised) return kInvalid;
  const CpuMask cpus = attributes->affinity;
  return number(write(cpus != 0 ? cpus : atl::sched::usable_cpus(), size, set));
}

}  // extern "C"
