// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include <atoll/config/libc_newlib.hpp>
#include <atoll/shutdown.hpp>

extern "C" {

void __call_exitprocs(int status, void* object);  // newlib's: atexit(), C++ destructors
extern void (*__stdio_exit_handler)();            // newlib's: null where no stream was used
void atoll_end_thread_objects();                  // libcxx_threads'

// Bounds of the functions marked __attribute__((destructor)); both 0 without a
// section of them.
extern void (*const __fini_array_start[])() __attribute__((weak));
extern void (*const __fini_array_end[])() __attribute__((weak));

[[noreturn]] void _exit(int status) { atl::shutdown::exit(status); }

// ISO C17 §7.22.4.4: handlers in reverse order, then streams are flushed. The
// calling thread's thread_local objects end first (ISO C++20 [basic.start.term]/2).
[[noreturn]] void exit(int status) {
  if constexpr (atl::config::libc_newlib::kWithLibcxx) atoll_end_thread_objects();
  __call_exitprocs(status, nullptr);
  for (auto function = __fini_array_end; function != __fini_array_start;) (*--function)();
  if (__stdio_exit_handler != nullptr) __stdio_exit_handler();
  _exit(status);
}

}  // extern "C"
