// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Signals of ISO C17 §7.14, for an image without the library of signals: kill(2) of the
// program itself, which raise(3) ends in, abort(3).

#include "abi.h"
#include "errors.hpp"

#include <atoll/console.hpp>
#include <atoll/shutdown.hpp>

namespace {

using atl::Errc;
using atl::libc::fail_with;
using atl::libc::fail_with_number;

constexpr int kOwnId = 1;

// A program that is ended by a signal is one that chose its status: 128 and the
// signal, as shells report it. Only a panic is a crash of the image. Streams are
// not flushed (abort(3)).
[[noreturn]] void end_by(int signal) {
  char text[] = "program ended by signal 00\n";
  text[sizeof text - 4] = static_cast<char>('0' + signal / 10);
  text[sizeof text - 3] = static_cast<char>('0' + signal % 10);
  atl::console::write({text, sizeof text - 1});
  atl::shutdown::exit(128 + signal);
}

// signal(7): what has the default action "ignore" or "continue"; nothing stops.
bool is_ignored_by_default(int signal) {
  return signal == kSignalChild || signal == kSignalContinue || signal == kSignalUrgent ||
         signal == kSignalWindow;
}

}  // namespace

extern "C" {

// newlib's. Calls the handler of `signal`: 0 when it ran, 1 where the default
// applies, 3 where the signal is ignored.
int __sigtramp(int signal);

int kill(int process, int signal) {
  if (signal < 0 || signal >= kSignals) return fail_with(Errc::kInvalidArgument);
  if (process != kOwnId && process != 0 && process != -1) return fail_with_number(kErrorNoProcess);
  if (signal != 0 && __sigtramp(signal) == 1 && !is_ignored_by_default(signal)) end_by(signal);
  return 0;
}

// ISO C17 §7.22.4.1: a handler may run, and cannot prevent the end.
[[noreturn]] void abort() {
  __sigtramp(kSignalAbort);
  end_by(kSignalAbort);
}

}  // extern "C"
