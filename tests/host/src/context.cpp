// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <ucontext.h>
#include <atoll/arch.hpp>
#include <cstdio>
#include <cstdlib>
#include <new>

#if defined(__SANITIZE_ADDRESS__)
#define ATOLL_HOST_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ATOLL_HOST_ASAN 1
#endif
#endif
#ifdef ATOLL_HOST_ASAN
#include <sanitizer/common_interface_defs.h>
#endif

namespace atl::arch {
namespace {

static_assert(sizeof(ucontext_t) <= Context::kStorage);
static_assert(alignof(ucontext_t) <= 16);

constexpr std::size_t kAssumedStack = 65536;

// makecontext() passes ints only; a switch is on one host thread, so that
// these name the two ends of the switch under way.
thread_local Context* switching_from = nullptr;
thread_local Context* switching_to = nullptr;

ucontext_t* ucontext_of(Context& context) {
  return std::launder(reinterpret_cast<ucontext_t*>(context.storage));
}

// Runs first thing on the stack that was switched to.
void finish_switch() {
#ifdef ATOLL_HOST_ASAN
  const void* bottom = nullptr;
  std::size_t size = 0;
  __sanitizer_finish_switch_fiber(switching_to->fake_stack, &bottom, &size);
  // The host thread's own stack is known only from here.
  switching_from->stack_bottom = bottom;
  switching_from->stack_size = size;
#endif
}

void run_entry() {
  Context& self = *switching_to;
  finish_switch();
  self.entry(self.argument);
  std::fprintf(stderr, "host cpu: the entry of a context returned\n");
  std::abort();
}

}  // namespace

void prepare_context(Context& context, VirtAddr stack_top, void (*entry)(void*), void* argument) {
  if (!stack_top.is_aligned(16)) {
    std::fprintf(stderr, "host cpu: stack top is not 16-byte aligned\n");
    std::abort();
  }
  ucontext_t* const raw = new (context.storage) ucontext_t;
  getcontext(raw);
  // The contract names only the top: what lies within kAssumedStack below it
  // is the stack as far as ucontext and ASan are told.
  raw->uc_stack.ss_sp = VirtAddr{stack_top - kAssumedStack}.as<void>();
  raw->uc_stack.ss_size = kAssumedStack;
  raw->uc_link = nullptr;
  context.stack_bottom = raw->uc_stack.ss_sp;
  context.stack_size = kAssumedStack;
  context.fake_stack = nullptr;
  context.entry = entry;
  context.argument = argument;
  makecontext(raw, run_entry, 0);
}

void call_before_resume(TrapFrame& frame, void (*function)()) { frame.before_resume = function; }

void switch_context(Context& from, Context& to) {
  if (Cpu::interrupts_enabled()) {
    std::fprintf(stderr, "host cpu: switch_context() with interrupts enabled\n");
    std::abort();
  }
  from.thread_pointer = Cpu::thread_pointer();
  Cpu::set_thread_pointer(to.thread_pointer);
  switching_from = &from;
  switching_to = &to;
#ifdef ATOLL_HOST_ASAN
  __sanitizer_start_switch_fiber(&from.fake_stack, to.stack_bottom, to.stack_size);
#endif
  swapcontext(ucontext_of(from), ucontext_of(to));
  finish_switch();
}

}  // namespace atl::arch
