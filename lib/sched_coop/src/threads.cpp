// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "threads.hpp"

#include <atoll/alloc.hpp>
#include <atoll/config/sched.hpp>
#include <new>

namespace atl {
namespace {

using AllThreads = List<sched::ProviderThread, &sched::ProviderThread::all_hook>;

constinit Late<Thread> main_thread;
constinit Late<AllThreads> all_threads;
constinit std::uint32_t last_id = 1;

}  // namespace

Result<void> sched_init() {
  sched::start_scheduling();
  all_threads.create();
  all_threads->push_back(main_thread.create());
  arch::Cpu::cpu_local().current_thread = &main_thread.get();
  return {};
}

namespace sched {

Result<Thread*> Provider::create(const ThreadOptions& options, void (*entry)(void*),
                                 void* argument) {
  const std::size_t stack_bytes =
      options.stack_bytes != 0 ? options.stack_bytes : config::sched::kStackKib * 1024;
  void* const memory = default_allocator().allocate(sizeof(Thread), alignof(Thread));
  if (memory == nullptr) return fail(Errc::kNoMemory);
  Result<vm::Stack> stack = vm::allocate_stack(stack_bytes);
  if (!stack.ok()) {
    default_allocator().free(memory);
    return fail(stack.error());
  }

  const auto state = arch::Cpu::disable_interrupts();
  Thread& thread = *::new (memory) Thread(++last_id, options);
  thread.stack = stack.value();
  thread.entry = entry;
  thread.argument = argument;
  thread.interrupts = state;
  arch::prepare_context(thread.context, thread.stack.top(), run_thread, nullptr);
  all_threads->push_back(thread);
  make_ready(thread);
  arch::Cpu::restore_interrupts(state);
  return &thread;
}

void Provider::destroy(Thread& thread) {
  vm::free_stack(thread.stack);
  thread.~Thread();
  default_allocator().free(&thread);
}

void Provider::for_each(void (*visit)(Thread&, void*), void* context) {
  for (ProviderThread& thread : *all_threads) visit(static_cast<Thread&>(thread), context);
}

void forget(Thread& thread) { all_threads->remove(thread); }

}  // namespace sched
}  // namespace atl
