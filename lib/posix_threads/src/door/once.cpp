// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// POSIX.1-2017, <pthread.h>: pthread_once(), for programs without exceptions. With them it is
// that of lib/libcxx_threads, which an exception can leave.

#include <atoll/posix/once.hpp>

#include "objects.hpp"

extern "C" int pthread_once(atl::posix::door::OnceRoom* room, void (*function)()) {
  using namespace atl::posix;
  return door::number(door::in<Once>(room).call(function));
}
