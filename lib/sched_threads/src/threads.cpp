// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/alloc.hpp>
#include <atoll/assert.hpp>
#include <atoll/config/sched.hpp>
#include <atoll/late.hpp>
#include <atoll/lock.hpp>
#include <atoll/sched_threads.hpp>
#include <atomic>
#include <new>

namespace atl {
namespace {

using AllThreads = List<sched::StackedThread, &sched::StackedThread::all_hook>;

constinit Late<Thread> main_thread;
constinit Late<AllThreads> all_threads;
constinit IrqSpinLock all_threads_lock;
constinit std::atomic<std::uint32_t> last_id = 1;

Result<vm::Stack> stack_for(const sched::ThreadOptions& options) {
  if (options.stack != nullptr) {
    const VirtAddr bottom = VirtAddr::of(options.stack);
    const bool aligned = (bottom.value() | options.stack_bytes) % 16 == 0;
    ATOLL_ASSERT(aligned && options.stack_bytes != 0);
    return vm::Stack{bottom, options.stack_bytes};
  }
  return vm::allocate_stack(options.stack_bytes != 0 ? options.stack_bytes
                                                     : config::sched::kStackKib * 1024);
}

}  // namespace

namespace sched::threads {

Thread& adopt_main() {
  Thread& thread = main_thread.create();
  all_threads.create();
  all_threads->push_back(thread);
  arch::Cpu::set_current_thread(&thread);
  return thread;
}

Result<Thread*> adopt_idle() {
  void* const memory = default_allocator().allocate(sizeof(Thread), alignof(Thread));
  if (memory == nullptr) return fail(Errc::kNoMemory);
  const std::uint32_t id = last_id.fetch_add(1, std::memory_order_relaxed) + 1;
  // In front of the constructor, which asks for its creator's process.
  Thread& main = main_thread.get();
  arch::Cpu::set_current_thread(&main);
  Thread& thread = *::new (memory) Thread(id, {.name = "idle", .priority = 0});
  arch::Cpu::set_current_thread(&thread);
  return &thread;
}

Result<Thread*> allocate(const ThreadOptions& options, Entry entry, void* argument,
                         void (*first)(void*)) {
  void* const memory = default_allocator().allocate(sizeof(Thread), alignof(Thread));
  if (memory == nullptr) return fail(Errc::kNoMemory);
  const Result<vm::Stack> stack = stack_for(options);
  if (!stack.ok()) {
    default_allocator().free(memory);
    return fail(stack.error());
  }

  const std::uint32_t id = last_id.fetch_add(1, std::memory_order_relaxed) + 1;
  Thread& thread = *::new (memory) Thread(id, options);
  thread.stack = stack.value();
  thread.stack_is_lent = options.stack != nullptr;
  thread.entry = entry;
  thread.argument = argument;
  thread.interrupts = arch::Cpu::disable_interrupts();
  arch::Cpu::restore_interrupts(thread.interrupts);
  arch::prepare_context(thread.context, thread.stack.top(), first, nullptr);
  return &thread;
}

void announce(Thread& thread) {
  Guard guard{all_threads_lock};
  all_threads->push_back(thread);
}

void forget(Thread& thread) {
  Guard guard{all_threads_lock};
  all_threads->remove(thread);
}

void run() {
  Thread& self = current();
  arch::Cpu::restore_interrupts(self.interrupts);
  self.entry(self.argument);
  exit();
}

void destroy(Thread& thread) {
  if (!thread.stack_is_lent) vm::free_stack(thread.stack);
  thread.~Thread();
  default_allocator().free(&thread);
}

void for_each(void (*visit)(Thread&, void*), void* context) {
  Guard guard{all_threads_lock};
  for (StackedThread& thread : *all_threads) visit(static_cast<Thread&>(thread), context);
}

}  // namespace sched::threads
}  // namespace atl
