// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/alloc.hpp>
#include <atoll/format.hpp>
#include <atoll/late.hpp>
#include <atoll/libc.hpp>
#include <atoll/posix/interruption.hpp>
#include <atomic>
#include <new>

#include "registry.hpp"

// The libc's (atoll/libc.hpp).
extern "C" [[noreturn]] void exit(int status);

namespace atl {
namespace posix {
namespace {

// Address space is no limit, but what cannot be there need not be tried.
constexpr std::size_t kLargestStack = std::size_t{1} << 40;

constinit Late<ProgramThread> main_thread;
// Main and those that create() made, as long as they run the program.
constinit std::atomic<std::uint32_t> running = 1;

void destroy(ProgramThread& thread) {
  thread.~ProgramThread();
  default_allocator().free(&thread);
}

ProgramThread* make(ProgramThread::Origin origin) {
  void* const memory = default_allocator().allocate(sizeof(ProgramThread), alignof(ProgramThread));
  return memory == nullptr ? nullptr : ::new (memory) ProgramThread{origin};
}

// From here on nobody reaches it, but who waits for its end or has it detached: false
// where it is detached, and the caller frees it.
bool finish(ProgramThread& self) {
  return registry.with([&](Registry& all) {
    WaitQueue::Guard guard{self.end};
    self.finished = true;
    self.end.wake_all(guard);
    if (self.detached) all.remove(self);
    return !self.detached;
  });
}

void run_created(void* argument) {
  auto& self = *static_cast<ProgramThread*>(argument);
  sched::current().program_block = &self;
  const bool cancelled = registry.with([&](Registry&) {
    self.thread = &sched::current();
    return (self.cancellation.load(std::memory_order_relaxed) & ProgramThread::kAsked) != 0;
  });
  if (cancelled) sched::interrupt(sched::current(), Interruptions::kCancellation);
  libc::enter_thread_block(self.libc_block);
  exit(self.start(self.argument));
}

void end_adopted(ExitHook&, Thread& thread) {
  auto& self = *static_cast<ProgramThread*>(thread.program_block);
  run_destructors(self);
  thread.program_block = nullptr;
  delist(self);
  destroy(self);
}

CpuMask own_affinity() {
  const ProgramThread* const self = ProgramThread::find();
  return self != nullptr ? self->affinity : kEveryCpu;
}

Result<Thread*> start(ProgramThread& thread, const ThreadAttributes& attributes) {
  const ProgramThread* const self = ProgramThread::find();
  const sched::Scheduling inherited =
      self != nullptr && self->ceiling != 0
          ? registry.with([&](Registry&) { return self->own_scheduling; })
          : sched::scheduling(sched::current());
  std::array<char, Thread::kMaxName + 1> name;
  TextWriter text{name};
  text.text("pthread ").decimal(thread.id);
  return sched::create(
      {.name = text.c_str(),
       .stack_bytes = attributes.stack_bytes,
       .stack = attributes.stack,
       .affinity = thread.affinity,
       .detached = attributes.detached,
       .scheduling = attributes.scheduling != nullptr ? attributes.scheduling : &inherited},
      run_created, &thread);
}

}  // namespace

constinit Locked<Registry, IrqSpinLock> registry;

void enlist(ProgramThread& thread) {
  registry.with([&](Registry& all) { all.add(thread); });
}

void delist(ProgramThread& thread) {
  registry.with([&](Registry& all) { all.remove(thread); });
}

ProgramThread* ProgramThread::get() {
  if (ProgramThread* const found = find()) return found;
  ProgramThread* const made = make(Origin::kAdopted);
  if (made == nullptr) return nullptr;
  Thread& thread = sched::current();
  made->thread = &thread;
  made->detached = true;
  made->exit_hook.run = end_adopted;
  enlist(*made);
  thread.program_block = made;
  thread.add_exit_hook(made->exit_hook);
  return made;
}

Result<void> create(const ThreadAttributes& attributes, Start start_routine, void* argument,
                    ThreadId& name) {
  if (attributes.stack_bytes > kLargestStack) return fail(Errc::kTryAgain);
  ProgramThread* const made = make(ProgramThread::Origin::kCreated);
  if (made == nullptr) return fail(Errc::kTryAgain);
  made->start = start_routine;
  made->argument = argument;
  made->detached = attributes.detached;
  made->affinity = attributes.affinity != 0 ? attributes.affinity : own_affinity();
  const Result<void*> block = libc::create_thread_block();
  if (!block.ok()) {
    destroy(*made);
    return fail(Errc::kTryAgain);
  }
  made->libc_block = block.value();
  enlist(*made);
  const ThreadId id = made->id;  // a detached one may be gone as soon as it runs
  name = id;
  running.fetch_add(1, std::memory_order_relaxed);
  const Result<Thread*> thread = start(*made, attributes);
  if (thread.ok()) {
    // By its name: it may have run and gone, too.
    static_cast<void>(with_thread(id, [&](ProgramThread& found) -> Result<void> {
      found.thread = thread.value();
      return {};
    }));
    return {};
  }

  running.fetch_sub(1, std::memory_order_relaxed);
  delist(*made);
  libc::destroy_thread_block(made->libc_block);
  destroy(*made);
  const bool exhausted = thread.error() == Errc::kNoMemory ||
                         (thread.error() == Errc::kNotSupported && sched::Provider::kOneThread);
  return fail(exhausted ? Errc::kTryAgain : thread.error());
}

ThreadId self() {
  const ProgramThread* const self = ProgramThread::get();
  return self == nullptr ? 0 : self->id;
}

[[noreturn]] void exit(void* result) {
  ProgramThread* const found = ProgramThread::find();
  if (found == nullptr || found->origin == ProgramThread::Origin::kAdopted) sched::exit();
  ProgramThread& self = *found;
  self.result = result;
  run_destructors(self);
  if (running.fetch_sub(1, std::memory_order_acq_rel) == 1) ::exit(0);
  if (self.origin == ProgramThread::Origin::kMain) {
    finish(self);
    while (true) {
      static_cast<void>(sched::sleep_until(Deadline::never(), Interruptions::kNone));
    }
  }
  libc::leave_thread_block();
  libc::destroy_thread_block(self.libc_block);
  sched::current().program_block = nullptr;
  if (!finish(self)) destroy(self);
  sched::exit();
}

Result<void> detach(ThreadId id) {
  Thread* thread = nullptr;
  ProgramThread* finished = nullptr;
  TRY(registry.with([&](Registry& all) -> Result<void> {
    ProgramThread* const found = all.find(id);
    if (found == nullptr) return fail(kNoSuchThread);
    if (found->detached || found->joining) return fail(Errc::kInvalidArgument);
    found->detached = true;
    if (found->origin == ProgramThread::Origin::kCreated) thread = found->thread;
    if (found->finished) {
      all.remove(*found);
      finished = found;
    }
    return {};
  }));
  // sched frees it when it ends, or now: nobody has joined it.
  if (thread != nullptr) static_cast<void>(sched::detach(*thread));
  if (finished != nullptr && finished->origin == ProgramThread::Origin::kCreated) {
    destroy(*finished);
  }
  return {};
}

Result<void> visit_thread(ThreadId id, void (*use)(Thread& thread, void* context), void* context) {
  return with_thread(id, [&](ProgramThread& found) -> Result<void> {
    if (found.thread != nullptr && !found.finished) use(*found.thread, context);
    return {};
  });
}

namespace {

// `found`, whose end the caller has been promised, is gone from here on.
void* reap(ProgramThread& found) {
  void* const result = found.result;
  delist(found);
  if (found.origin == ProgramThread::Origin::kMain) return result;
  // It may still be on its way out.
  static_cast<void>(sched::join(*found.thread, Deadline::never(), Interruptions::kNone));
  destroy(found);
  return result;
}

Result<void> wait_for_end(ProgramThread& found, Deadline deadline) {
  while (true) {
    {
      WaitQueue::Guard guard{found.end};
      if (found.finished) return {};
      const Result<void> waited =
          found.end.wait(guard, deadline, Interruptions::kCancellation | handled_meanwhile());
      if (found.finished) return {};
      if (!waited.ok() && waited.error() != Errc::kInterrupted) return waited;
    }
    run_handlers();
    if (any(sched::pending_interruptions() & Interruptions::kCancellation)) {
      return fail(Errc::kInterrupted);
    }
  }
}

// For the end of `self`, with nobody having asked it to end itself.
bool waits_in_vain(const ProgramThread& found, const ProgramThread& self) {
  constexpr std::uint32_t kHeld = ProgramThread::kDisabled | ProgramThread::kAsked;
  return found.waits_for == self.id &&
         (found.cancellation.load(std::memory_order_relaxed) & kHeld) != ProgramThread::kAsked;
}

// The thread whose end the caller is to wait for, its only one.
Result<ProgramThread*> claim(ThreadId id, ProgramThread& self, bool only_if_finished) {
  return with_thread(id, [&](ProgramThread& found) -> Result<ProgramThread*> {
    if (&found == &self || waits_in_vain(found, self)) return fail(Errc::kDeadlock);
    if (found.detached || found.joining) return fail(Errc::kInvalidArgument);
    if (only_if_finished && !found.finished) return fail(Errc::kBusy);
    found.joining = true;
    self.waits_for = id;
    return &found;
  });
}

void let_go(ProgramThread& found, ProgramThread& self) {
  registry.with([&](Registry&) {
    found.joining = false;
    self.waits_for = 0;
  });
}

}  // namespace

Result<void*> join(ThreadId id, Deadline deadline) {
  ProgramThread* const self = ProgramThread::get();
  if (self == nullptr) return fail(Errc::kNoMemory);
  cancellation_point();
  while (true) {
    ProgramThread* const found = TRY(claim(id, *self, false));
    const Result<void> ended = wait_for_end(*found, deadline);
    if (ended.ok()) {
      registry.with([&](Registry&) { self->waits_for = 0; });
      return reap(*found);
    }
    let_go(*found, *self);
    if (ended.error() != Errc::kInterrupted) return fail(ended.error());
    cancellation_point();
  }
}

Result<void*> try_join(ThreadId id) {
  ProgramThread* const self = ProgramThread::get();
  if (self == nullptr) return fail(Errc::kNoMemory);
  ProgramThread* const found = TRY(claim(id, *self, true));
  registry.with([&](Registry&) { self->waits_for = 0; });
  return reap(*found);
}

}  // namespace posix

Result<void> posix_threads_init() {
  posix::ProgramThread& main = posix::main_thread.create(posix::ProgramThread::Origin::kMain);
  main.thread = &sched::current();
  posix::enlist(main);
  sched::current().program_block = &main;
  posix::interruption_actions().cancel = posix::act_on_cancellation;
  return {};
}

}  // namespace atl
