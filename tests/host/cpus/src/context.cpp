// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <ucontext.h>
#include <atoll/arch.hpp>
#include <new>

#include "host_cpu.hpp"

#if defined(__SANITIZE_THREAD__)
#define ATOLL_HOST_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define ATOLL_HOST_TSAN 1
#endif
#endif
#ifdef ATOLL_HOST_TSAN
#include <sanitizer/tsan_interface.h>
#endif

/// To TSan a context is a thread of its own (a fiber), whichever CPU runs it. A switch orders
/// what the one that leaves has done before what the other one does, as both run on one CPU;
/// between CPUs only what the code under test does orders anything. That the context itself
/// has arrived in memory before another CPU goes on with it is for that code to see to, too:
/// `saved` is plain data, written by who leaves and by who enters.
namespace atl::arch {
namespace {

static_assert(sizeof(ucontext_t) <= Context::kStorage);

constexpr std::size_t kAssumedStack = 65536;

// makecontext() passes ints only; a switch is on one host thread.
constinit thread_local Context* entered = nullptr;

ucontext_t* ucontext_of(Context& context) {
  return std::launder(reinterpret_cast<ucontext_t*>(context.storage));
}

#ifdef ATOLL_HOST_TSAN
void* current_fiber() { return __tsan_get_current_fiber(); }
void* make_fiber() { return __tsan_create_fiber(0); }
void end_fiber(Context& context) { __tsan_destroy_fiber(context.fiber); }
void enter_fiber(void* fiber) { __tsan_switch_to_fiber(fiber, 0); }
#else
void* current_fiber() { return nullptr; }
void* make_fiber() { return nullptr; }
void end_fiber(Context&) {}
void enter_fiber(void*) {}
#endif

void run_entry() {
  Context& self = *entered;
  self.entry(self.argument);
  host::give_up("the entry of a context returned");
}

}  // namespace

void prepare_context(Context& context, VirtAddr stack_top, void (*entry)(void*), void* argument) {
  if (!stack_top.is_aligned(16)) host::give_up("stack top is not 16-byte aligned");
  ucontext_t* const raw = new (context.storage) ucontext_t;
  getcontext(raw);
  raw->uc_stack.ss_sp = VirtAddr{stack_top - kAssumedStack}.as<void>();
  raw->uc_stack.ss_size = kAssumedStack;
  raw->uc_link = nullptr;
  context.fiber = make_fiber();
  context.end = end_fiber;
  context.entry = entry;
  context.argument = argument;
  context.saved = true;
  makecontext(raw, run_entry, 0);
}

void call_before_resume(TrapFrame& frame, void (*function)()) { frame.before_resume = function; }

void switch_context(Context& from, Context& to) {
  if (Cpu::interrupts_enabled()) host::give_up("switch_context() with interrupts enabled");
  if (!to.saved) host::give_up("switch_context() to a context that runs or was never saved");
  from.thread_pointer = Cpu::thread_pointer();
  Cpu::set_thread_pointer(to.thread_pointer);
  from.fiber = current_fiber();
  from.saved = true;
  to.saved = false;
  ucontext_t* const leave = ucontext_of(from);
  ucontext_t* const enter = ucontext_of(to);
  entered = &to;
  enter_fiber(to.fiber);
  swapcontext(leave, enter);
}

}  // namespace atl::arch
