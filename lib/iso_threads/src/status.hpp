// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <errno.h>
#include <threads.h>

namespace atl::iso_threads {

/// What a function of <threads.h> returns where the one of POSIX that it stands on gives
/// `error`: an error without a name of its own is thrd_error (ISO C17 §7.26.1).
inline int status(int error) {
  switch (error) {
    case 0:
      return thrd_success;
    case EBUSY:
      return thrd_busy;
    case ETIMEDOUT:
      return thrd_timedout;
    default:
      return thrd_error;
  }
}

}  // namespace atl::iso_threads
