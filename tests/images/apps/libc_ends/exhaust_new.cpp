// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <new>

namespace {

struct Link {
  Link* previous;
  char rest[65536 - sizeof(Link*)];
};

[[gnu::noinline]] Link* take_for_ever() {
  Link* last = nullptr;
  for (;;) {
    Link* const next = new Link;
    next->previous = last;
    last = next;
    // Seen by somebody: the compiler may not leave the allocation out.
    asm volatile("" ::"r"(last) : "memory");
  }
}

}  // namespace

extern "C" void exhaust_new(void) { static_cast<void>(take_for_ever()); }
