// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "state.hpp"

#include <atoll/alloc.hpp>
#include <atoll/late.hpp>
#include <new>

namespace atl::posix {
namespace {

constinit Late<ProcessSignals> first;
constinit ProcessSlot<ProcessSignals> slot;

void destroy(ThreadSignals& block) {
  block.~ThreadSignals();
  default_allocator().free(&block);
}

void end_with_thread(ExitHook&, Thread& thread) {
  ThreadSignals* const block = signals().with([&](SharedSignals& shared) {
    ThreadSignals* const found = signals_of(thread);
    found->pending.discard(~SignalSet{0}, shared.pool);
    thread.signal_block = nullptr;
    return found;
  });
  destroy(*block);
}

// From now on the thread knows of its block, and frees it.
void adopt(ThreadSignals& block, Thread& thread) {
  if (block.ends_with_thread) return;
  block.ends_with_thread = true;
  signals().with([&](SharedSignals& shared) {
    ThreadSignals** at = &shared.unseen;
    while (*at != nullptr && *at != &block) at = &(*at)->next_unseen;
    if (*at != nullptr) *at = block.next_unseen;
  });
  block.end.run = end_with_thread;
  thread.add_exit_hook(block.end);
}

}  // namespace

ThreadSignals* make_thread_signals() {
  void* const memory = default_allocator().allocate(sizeof(ThreadSignals), alignof(ThreadSignals));
  return memory == nullptr ? nullptr : ::new (memory) ThreadSignals;
}

ProcessSignals& signals() {
  // A scheduler's own threads are older than the process.
  const Process* const process = sched::current().process;
  return process == nullptr ? *first : *slot.of(*process);
}

ThreadSignals* own_signals() {
  Thread& self = sched::current();
  const auto find = [&] {
    return signals().with([&](SharedSignals&) { return signals_of(self); });
  };
  ThreadSignals* found = find();
  if (found == nullptr) {
    ThreadSignals* const made = make_thread_signals();
    if (made == nullptr) return nullptr;
    // Somebody else may have been faster.
    const bool used = signals().with([&](SharedSignals&) {
      if (signals_of(self) != nullptr) return false;
      self.signal_block = made;
      return true;
    });
    if (!used) destroy(*made);
    found = find();
  }
  adopt(*found, self);
  return found;
}

void forget_unseen() {
  struct Search {
    std::uint32_t id;
    bool lives;
  };
  for (;;) {
    Search search{};
    signals().with([&](SharedSignals& shared) {
      if (shared.unseen != nullptr) search.id = shared.unseen->thread;
    });
    if (search.id == 0) return;
    sched::for_each(
        [](Thread& thread, void* context) {
          auto& wanted = *static_cast<Search*>(context);
          wanted.lives = wanted.lives || thread.id() == wanted.id;
        },
        &search);
    if (search.lives) return;
    ThreadSignals* const gone = signals().with([&](SharedSignals& shared) -> ThreadSignals* {
      ThreadSignals* const oldest = shared.unseen;
      if (oldest == nullptr || oldest->thread != search.id) return nullptr;
      shared.unseen = oldest->next_unseen;
      oldest->pending.discard(~SignalSet{0}, shared.pool);
      return oldest;
    });
    if (gone != nullptr) destroy(*gone);
  }
}

Default default_of(int signal) {
  constexpr SignalSet kIgnored = set_of(kSigChld) | set_of(kSigUrg) | set_of(kSigWinch) |
                                 set_of(kSigCont) | set_of(kSigStop) | set_of(kSigTstp) |
                                 set_of(kSigTtin) | set_of(kSigTtou);
  return has(kIgnored, signal) ? Default::kIgnore : Default::kEnd;
}

bool is_ignored(const SignalAction& action, int signal) {
  if (action.handler == kDefaultAction) return default_of(signal) == Default::kIgnore;
  return action.handler == kIgnoreAction;
}

}  // namespace atl::posix

namespace atl {

namespace posix {
void catch_faults();
void make_timers();
void take_stop_requests();
}  // namespace posix

Result<void> posix_signals_init() {
  using namespace posix;
  slot.claim();
  slot.attach(Process::current(), first.create());
  interruption_actions().deliver = deliver_signals;
  make_lookout();
  make_timers();
  catch_faults();
  take_stop_requests();
  return {};
}

}  // namespace atl
