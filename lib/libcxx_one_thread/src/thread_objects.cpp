// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Destructors of thread_local objects (Itanium C++ ABI, §3.3.5.2 "Thread-local variables")
// of the only thread, which ends with the program. libstdc++'s own would run as one of the
// handlers of exit(), somewhere among the others.

#include <cstdlib>

namespace {

struct Ending {
  void (*function)(void* object);
  void* object;
  Ending* before;
};

constinit Ending* youngest = nullptr;

}  // namespace

extern "C" {

// By exit(): the youngest first, with those that are made meanwhile.
void atoll_end_thread_objects();
void atoll_end_thread_objects() {
  while (Ending* const ending = youngest) {
    youngest = ending->before;
    ending->function(ending->object);
    std::free(ending);
  }
}

// Compiled code's. Where memory has run out the object does not end, which nobody looks at.
int __cxa_thread_atexit(void (*function)(void*), void* object, void*) noexcept;
int __cxa_thread_atexit(void (*function)(void*), void* object, void*) noexcept {
  auto* const ending = static_cast<Ending*>(std::malloc(sizeof(Ending)));
  if (ending == nullptr) return -1;
  *ending = {function, object, youngest};
  youngest = ending;
  return 0;
}

}  // extern "C"
