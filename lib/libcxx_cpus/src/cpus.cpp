// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// sysconf(3p), as far as std::thread::hardware_concurrency() asks.

#include <unistd.h>
#include <atoll/smp.hpp>
#include <bit>
#include <cerrno>

extern "C" long sysconf(int name) {
  if (name == _SC_NPROCESSORS_ONLN || name == _SC_NPROCESSORS_CONF) {
    return std::popcount(atl::smp::running());
  }
  errno = EINVAL;
  return -1;
}
