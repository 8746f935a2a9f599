// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/thread.hpp>

namespace atl::detail {

/// One thread's place in one WaitQueue, on that thread's stack.
struct Waiter {
  Thread* thread;
  Waiter* previous = nullptr;
  Waiter* next = nullptr;
  bool queued = false;
};

}  // namespace atl::detail
