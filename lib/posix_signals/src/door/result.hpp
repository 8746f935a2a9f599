// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/libc.hpp>
#include <atoll/posix/process.hpp>
#include <atoll/posix/signal_abi.hpp>
#include <atoll/result.hpp>

namespace atl::posix::door {

inline constexpr auto kNoSuchProcess = Errc{3};  // ESRCH

using libc::give;
template <typename T>
int give(const Result<T>& result, T* out) {
  if (!result.ok()) return libc::fail_with(result.error());
  if (out != nullptr) *out = result.value();
  return 0;
}

/// What the program itself sends.
inline SignalInfo from_here(int signal, int code, SignalValue value = 0) {
  SignalInfo info = signal_info(signal, code);
  info.sender = {.process = Process::kFirst, .user = 0, .value = value};
  return info;
}

/// Whether kill(2)'s `process` means this one.
inline bool is_this(int process) {
  return process == 0 || process == -1 || process == Process::kFirst || process == -Process::kFirst;
}

}  // namespace atl::posix::door
