// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/posix/signal.hpp>
#include <atoll/posix/thread.hpp>

#include "notifications.hpp"

namespace atl {
namespace {

Result<void> find(void* whom, void (*use)(Thread& thread, void* argument), void* argument) {
  return posix::visit_thread(*static_cast<posix::ThreadId*>(whom), use, argument);
}

}  // namespace

Result<void> posix_signals_threads_init() {
  posix::set_thread_finder(find);
  posix::set_notifier(posix::notifications());
  return {};
}

}  // namespace atl
