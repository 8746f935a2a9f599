// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>

/// The C library of the image: one, chosen in the menu. Programs see it as ISO
/// C's and POSIX's headers and functions; this header is what other
/// micro-libraries see of it.
///
/// What a provider owes besides these functions: `exit(int)`, which runs the
/// program's atexit handlers and destructors, writes out its streams and ends in
/// shutdown::exit(); malloc and its kin over default_allocator(); errno with the
/// numbers of Linux, which are those of Errc; all of it usable by main and the
/// program's constructors after the boot step of `libc`. Kernel libraries never
/// call the libc, and never touch errno or the program's thread pointer.
namespace atl::libc {

/// A thread's own part of the libc and of the program: errno, thread-local
/// variables. Never moves. The main thread's is made by the boot step of `libc`.
///
/// Allocates one for a thread that is to run the program's code; null where the
/// image has no thread-local variables. kNoMemory. Does not block; not from an
/// interrupt handler.
Result<void*> create_thread_block();

/// Makes `block` that of the calling thread: once, before it runs any of the
/// program's code. Null changes nothing.
void enter_thread_block(void* block);

/// By a thread that has run its last line of the program: gives back what the
/// libc holds for it, except the block itself.
void leave_thread_block();

/// Frees the block of a thread that runs no more of the program's code, and of no
/// libc: it has ended, or is the calling one after leave_thread_block(). Null does
/// nothing.
void destroy_thread_block(void* block);

/// Sets the calling thread's errno, and gives what a function of POSIX returns
/// then: -1. For the functions of posix libraries, called by programs.
int fail_with(Errc code);
/// What such a function returns that gives nothing else: 0, or fail_with() the error.
inline int give(const Result<void>& result) { return result.ok() ? 0 : fail_with(result.error()); }

}  // namespace atl::libc
