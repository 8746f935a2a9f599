// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "errors.hpp"

#include <atoll/command_line.hpp>

extern "C" {
char** environ = nullptr;      // POSIX.1-2017 §8.1; newlib's getenv and setenv use it
void* __dso_handle = nullptr;  // Itanium C++ ABI §3.3.5: the program itself

// For code that was compiled with newlib's other idea of errno.
int* __errno() { return &_tls_errno; }
}

namespace atl {

int libc::fail_with(Errc code) { return fail_with_number(static_cast<int>(code)); }

Result<void> libc_init() {
  libc::enter_thread_block(TRY(libc::create_thread_block()));
  environ = program_environment();
  return {};
}

}  // namespace atl
