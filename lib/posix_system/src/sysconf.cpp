// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// POSIX.1-2017 sysconf(), confstr().

#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#include <atoll/config/posix_system.hpp>
#include <atoll/page_alloc.hpp>
#include <atoll/posix/cpus.hpp>
#include <cerrno>

namespace {

namespace config = atl::config::posix_system;

// That an option of POSIX.1-2008 is there.
constexpr long kThere = 200809;
// No limit, or no such option: POSIX.1-2017, sysconf(), "Return value".
constexpr long kNone = -1;

constexpr long option(bool there) { return there ? kThere : kNone; }

long value_of(int name) {
  switch (name) {
    case _SC_PAGESIZE:
      return atl::kPageSize;
    case _SC_NPROCESSORS_CONF:
    case _SC_NPROCESSORS_ONLN:
      return atl::posix::running_cpus();
    case _SC_PHYS_PAGES:
      return static_cast<long>(atl::page_alloc::statistics().total.count);
    case _SC_AVPHYS_PAGES:
      return static_cast<long>(atl::page_alloc::statistics().free.count);
    case _SC_CLK_TCK:
      return CLOCKS_PER_SEC;
    case _SC_VERSION:
      return kThere;
    case _SC_V7_LP64_OFF64:
      return 1;

    case _SC_ARG_MAX:
      return ARG_MAX;
    case _SC_IOV_MAX:
      return IOV_MAX;
    case _SC_LINE_MAX:
      return LINE_MAX;
    case _SC_NGROUPS_MAX:
      return NGROUPS_MAX;
    case _SC_OPEN_MAX:
      return OPEN_MAX;
    case _SC_STREAM_MAX:
      return FOPEN_MAX;
    case _SC_RE_DUP_MAX:
      return RE_DUP_MAX;
    case _SC_HOST_NAME_MAX:
      return 64;

    case _SC_THREADS:
    case _SC_THREAD_SAFE_FUNCTIONS:
    case _SC_THREAD_ATTR_STACKADDR:
    case _SC_THREAD_ATTR_STACKSIZE:
    case _SC_THREAD_PRIORITY_SCHEDULING:
    case _SC_THREAD_PRIO_PROTECT:
    case _SC_BARRIERS:
    case _SC_READER_WRITER_LOCKS:
    case _SC_SEMAPHORES:
    case _SC_SPIN_LOCKS:
    case _SC_TIMEOUTS:
      return option(config::kThreads);
    case _SC_THREAD_PRIO_INHERIT:
      return option(config::kPriorityInheritance);
    case _SC_THREAD_KEYS_MAX:
      return config::kThreads ? PTHREAD_KEYS_MAX : kNone;
    case _SC_THREAD_DESTRUCTOR_ITERATIONS:
      return config::kThreads ? PTHREAD_DESTRUCTOR_ITERATIONS : kNone;
    case _SC_THREAD_STACK_MIN:
      return config::kThreads ? PTHREAD_STACK_MIN : kNone;
    case _SC_SEM_VALUE_MAX:
      return config::kThreads ? INT_MAX : kNone;

    case _SC_REALTIME_SIGNALS:
    case _SC_TIMERS:
      return option(config::kSignals);
    case _SC_RTSIG_MAX:
      return config::kSignals ? SIGRTMAX - SIGRTMIN + 1 : kNone;
    case _SC_MONOTONIC_CLOCK:
      return option(config::kClocks);
    case _SC_CLOCK_SELECTION:
      return option(config::kClocks && config::kSleep && config::kThreads);
    default:
      return kNone;
  }
}

}  // namespace

extern "C" {

long sysconf(int name) {
  if (name < 0 || name > _SC_POSIX_26_VERSION) {
    errno = EINVAL;
    return -1;
  }
  return value_of(name);
}

size_t confstr(int name, char*, size_t) {
  if (name < 0 || name > _CS_V7_ENV) errno = EINVAL;
  return 0;
}

}  // extern "C"
