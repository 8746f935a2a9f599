// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include <atoll/sched.hpp>
#include <atoll/vm_test.hpp>

extern "C" {
struct __lock;
void __retarget_lock_init_recursive(__lock** lock);
void __retarget_lock_close_recursive(__lock* lock);
void __retarget_lock_acquire_recursive(__lock* lock);
int __retarget_lock_try_acquire_recursive(__lock* lock);
void __retarget_lock_release_recursive(__lock* lock);
}

namespace libc_locks_test {

using namespace atl;

struct Shared {
  __lock* lock = nullptr;
  bool tried = false;
  bool got = false;
  int order = 0;
  int at_acquire = 0;
};

void try_it(void* argument) {
  auto& shared = *static_cast<Shared*>(argument);
  shared.tried = __retarget_lock_try_acquire_recursive(shared.lock) != 0;
  if (shared.tried) __retarget_lock_release_recursive(shared.lock);
}

void take_it(void* argument) {
  auto& shared = *static_cast<Shared*>(argument);
  __retarget_lock_acquire_recursive(shared.lock);
  shared.at_acquire = shared.order;
  shared.got = true;
  __retarget_lock_release_recursive(shared.lock);
}

void run_thread(sched::Entry entry, Shared& shared) {
  auto thread = sched::create({.name = "libc lock", .stack_bytes = 32 * 1024}, entry, &shared);
  VM_ASSERT(thread.ok());
  VM_EXPECT(sched::join(*thread.value()).ok());
}

VM_TEST(LibcLocks, recursive_for_its_owner_closed_to_others) {
  Shared shared;
  __retarget_lock_init_recursive(&shared.lock);
  __retarget_lock_acquire_recursive(shared.lock);
  VM_EXPECT(__retarget_lock_try_acquire_recursive(shared.lock) != 0);
  run_thread(try_it, shared);
  VM_EXPECT(!shared.tried);
  __retarget_lock_release_recursive(shared.lock);
  run_thread(try_it, shared);
  VM_EXPECT(!shared.tried);  // held once more
  __retarget_lock_release_recursive(shared.lock);
  run_thread(try_it, shared);
  VM_EXPECT(shared.tried);
  __retarget_lock_close_recursive(shared.lock);
}

VM_TEST(LibcLocks, another_thread_waits_for_it) {
  Shared shared;
  __retarget_lock_init_recursive(&shared.lock);
  __retarget_lock_acquire_recursive(shared.lock);
  auto thread = sched::create({.name = "libc lock", .stack_bytes = 32 * 1024}, take_it, &shared);
  VM_ASSERT(thread.ok());
  for (int i = 0; i < 3; ++i) sched::yield();
  VM_EXPECT(!shared.got);
  shared.order = 1;
  __retarget_lock_release_recursive(shared.lock);
  VM_EXPECT(sched::join(*thread.value()).ok());
  VM_EXPECT(shared.got);
  VM_EXPECT_EQ(shared.at_acquire, 1);
  __retarget_lock_close_recursive(shared.lock);
}

VM_TEST(LibcLocks, a_lock_that_found_no_memory_still_locks) {
  Shared shared;  // its lock is null
  __retarget_lock_acquire_recursive(shared.lock);
  run_thread(try_it, shared);
  VM_EXPECT(!shared.tried);
  __retarget_lock_release_recursive(shared.lock);
  run_thread(try_it, shared);
  VM_EXPECT(shared.tried);
}

}  // namespace libc_locks_test
