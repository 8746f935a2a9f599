// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// sysconf(3p), as far as std::thread::hardware_concurrency() asks, where threads have one CPU.

#include <unistd.h>
#include <cerrno>

extern "C" long sysconf(int name) {
  if (name == _SC_NPROCESSORS_ONLN || name == _SC_NPROCESSORS_CONF) return 1;
  errno = EINVAL;
  return -1;
}
