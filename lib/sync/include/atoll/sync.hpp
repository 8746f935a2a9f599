// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/condition_variable.hpp>
#include <atoll/event.hpp>
#include <atoll/mutex.hpp>
#include <atoll/once.hpp>
#include <atoll/read_write_lock.hpp>
#include <atoll/semaphore.hpp>

/// Locks that wait, on top of WaitQueue; the same for every scheduler. A header each.
///
/// An all-zero object is a fresh one (a Semaphore: empty), so they live in .bss
/// without a constructor. Nobody may hold or wait in one that is destroyed.
/// Waits follow WaitQueue::wait(): kTimedOut, kInterrupted, threads only. What
/// never waits may be called in any context where it says so.
