// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/mutex.hpp>

namespace atl::detail {

void lock_check_acquire_waiting(const void* lock, LockRank rank) {
  sched::current().held_locks.add(lock, rank);
}

void lock_check_release_waiting(const void* lock) { sched::current().held_locks.remove(lock); }

}  // namespace atl::detail
