// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// newlib's locks (newlib's sys/lock.h, "retargetable locking") where one thread
// is all that the image can have.

extern "C" {

struct __lock {
  char unused;
};

__lock __lock___sfp_recursive_mutex;
__lock __lock___atexit_recursive_mutex;
__lock __lock___at_quick_exit_mutex;
__lock __lock___malloc_recursive_mutex;
__lock __lock___env_recursive_mutex;
__lock __lock___tz_mutex;
__lock __lock___dd_hash_mutex;
__lock __lock___arc4random_mutex;

void __retarget_lock_init(__lock**) {}
void __retarget_lock_init_recursive(__lock**) {}
void __retarget_lock_close(__lock*) {}
void __retarget_lock_close_recursive(__lock*) {}
void __retarget_lock_acquire(__lock*) {}
void __retarget_lock_acquire_recursive(__lock*) {}
int __retarget_lock_try_acquire(__lock*) { return 1; }
int __retarget_lock_try_acquire_recursive(__lock*) { return 1; }
void __retarget_lock_release(__lock*) {}
void __retarget_lock_release_recursive(__lock*) {}

}  // extern "C"
