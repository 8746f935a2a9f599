// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/libc.hpp>

extern "C" __thread int _tls_errno;  // newlib's: what errno is

namespace atl::libc {

/// fail_with() for the errors that Errc has no name for.
inline int fail_with_number(int number) {
  _tls_errno = number;
  return -1;
}

}  // namespace atl::libc
