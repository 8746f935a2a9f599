// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/posix/signal.hpp>

#include "result.hpp"

// POSIX.1-2017 pthread_kill(); Linux man-pages pthread_sigqueue(3). These return the
// error's number.

using namespace atl::posix;
using namespace atl::posix::door;
using ThreadId = std::uint64_t;
using atl::Errc;
using atl::Result;

namespace {

int send(ThreadId thread, const SignalInfo& info) {
  if (info.signal != 0 && !is_signal(info.signal)) {
    return static_cast<int>(Errc::kInvalidArgument);
  }
  const auto nothing = [](atl::Thread&, void*) {};
  const FindThread find = thread_finder();
  const Result<void> sent =
      info.signal == 0 ? find(&thread, nothing, nullptr) : send_to_thread(find, &thread, info);
  static_cast<void>(deliver_signals());
  return static_cast<int>(sent.error());
}

}  // namespace

extern "C" {

int pthread_kill(ThreadId thread, int signal) { return send(thread, from_here(signal, kToThread)); }

int pthread_sigqueue(ThreadId thread, int signal, SignalValue value) {
  return send(thread, from_here(signal, kQueued, value));
}

}  // extern "C"
