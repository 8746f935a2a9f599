// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "generate.hpp"

#include <atoll/alloc.hpp>

// POSIX.1-2017, XSH 2.4.1: to whom a signal goes. It is made pending first, then somebody
// who takes it is looked for; a thread that changes its mask does it in the other order,
// so one of the two sees the other.
namespace atl::posix {
namespace {

constexpr SignalSet kStops =
    set_of(kSigStop) | set_of(kSigTstp) | set_of(kSigTtin) | set_of(kSigTtou);

// Main, or one that posix_threads has made or adopted: the scheduler's threads and those of
// kernel libraries take no signal of the process.
bool is_programs(const Thread& thread) {
  return thread.is_main() || thread.program_block != nullptr;
}

bool in_interrupt() { return arch::Cpu::cpu_local().interrupt_depth > 0; }

struct Choice {
  int signal;
  const Thread* self;  // null in an interrupt handler
  std::uint32_t id = 0;
  int rank = 0;
};

int rank_of(const Thread& thread, const Choice& wanted) {
  if (!is_programs(thread)) return 0;
  const bool awaits = signals().with([&](SharedSignals&) {
    const ThreadSignals* const block = signals_of(thread);
    return block != nullptr && has(block->awaited.load(std::memory_order_relaxed), wanted.signal);
  });
  if (awaits) return 5;
  if (has(mask_of(thread), wanted.signal)) return 0;
  if (&thread == wanted.self) return 4;
  if (thread.state() == sched::State::kWaiting) return 3;
  return thread.is_main() ? 2 : 1;
}

Choice choose(int signal) {
  Choice choice{.signal = signal, .self = in_interrupt() ? nullptr : &sched::current()};
  sched::for_each(
      [](Thread& thread, void* context) {
        auto& best = *static_cast<Choice*>(context);
        const int rank = rank_of(thread, best);
        if (rank <= best.rank) return;
        best.rank = rank;
        best.id = thread.id();
      },
      &choice);
  return choice;
}

void tell(Thread& thread) {
  sched::interrupt(thread, Interruptions::kSignal);
  if (&thread == arch::Cpu::current_thread() && in_interrupt()) deliver_on_return();
}

// Whoever is chosen may have gone meanwhile: look_again() finds another.
void tell_by_id(std::uint32_t id) {
  if (id == 0) return;
  if (!in_interrupt() && sched::current().id() == id) {
    tell(sched::current());
    return;
  }
  sched::for_each(
      [](Thread& thread, void* context) {
        if (thread.id() == *static_cast<std::uint32_t*>(context)) tell(thread);
      },
      &id);
  look_again();
}

// A signal that continues takes back those that stop, and the other way round.
void take_back(SharedSignals& shared, PendingSignals& pending, int signal) {
  if (signal == kSigCont) pending.discard(kStops, shared.pool);
  if (has(kStops, signal)) pending.discard(set_of(kSigCont), shared.pool);
}

// What is ignored is not made pending, unless everybody who could take it masks it.
bool is_dropped(int signal) {
  const bool ignored = signals().with(
      [&](SharedSignals& shared) { return is_ignored(shared.action(signal), signal); });
  if (!ignored) return false;
  const int rank = choose(signal).rank;
  return rank > 0 && rank < 5;
}

Result<void> generate(const SignalInfo& info) {
  if (is_dropped(info.signal)) return {};
  const bool queued = signals().with([&](SharedSignals& shared) {
    take_back(shared, shared.pending, info.signal);
    return shared.pending.add(info, shared.pool);
  });
  if (!queued) return fail(Errc::kTryAgain);
  tell_by_id(choose(info.signal).id);
  return {};
}

}  // namespace

Result<void> send_to_process(const SignalInfo& info) { return generate(info); }

namespace {

struct Sending {
  const SignalInfo& info;
  ThreadSignals* spare = nullptr;
  bool needs_spare = false;
  bool queued = true;
};

// The block that `thread` has, or gets from `sending`; null where neither has one.
ThreadSignals* block_of(Thread& thread, SharedSignals& shared, Sending& sending) {
  if (ThreadSignals* const block = signals_of(thread)) return block;
  ThreadSignals* const block = sending.spare;
  if (block == nullptr) return nullptr;
  sending.spare = nullptr;
  block->thread = thread.id();
  ThreadSignals** at = &shared.unseen;  // behind the older ones
  while (*at != nullptr) at = &(*at)->next_unseen;
  *at = block;
  thread.signal_block = block;
  return block;
}

void add_to_thread(Thread& thread, void* argument) {
  auto& sending = *static_cast<Sending*>(argument);
  const int signal = sending.info.signal;
  sending.needs_spare = false;
  const bool added = signals().with([&](SharedSignals& shared) {
    if (is_ignored(shared.action(signal), signal) && !has(mask_of(thread), signal)) return false;
    ThreadSignals* const block = block_of(thread, shared, sending);
    sending.needs_spare = block == nullptr;
    if (block == nullptr) return false;
    take_back(shared, block->pending, signal);
    sending.queued = block->pending.add(sending.info, shared.pool);
    return sending.queued;
  });
  if (!added) return;
  tell(thread);
  if (&thread != arch::Cpu::current_thread() || in_interrupt()) look_again();
}

}  // namespace

Result<void> send_to_thread(FindThread find, void* whom, const SignalInfo& info) {
  Sending sending{.info = info};
  TRY(find(whom, add_to_thread, &sending));
  if (sending.needs_spare) {
    forget_unseen();
    sending.spare = make_thread_signals();
    if (sending.spare == nullptr) return fail(Errc::kNoMemory);
    const Result<void> found = find(whom, add_to_thread, &sending);
    if (sending.spare != nullptr) default_allocator().free(sending.spare);
    TRY(found);
  }
  if (!sending.queued) return fail(Errc::kTryAgain);
  return {};
}

namespace {

constinit FindThread finder = [](void*, void (*)(Thread&, void*), void*) -> Result<void> {
  return fail(Errc{3});  // ESRCH
};

}  // namespace

void set_thread_finder(FindThread find) { finder = find; }
FindThread thread_finder() { return finder; }

Result<void> send_to_thread(Thread& thread, const SignalInfo& info) {
  return send_to_thread(
      [](void* whom, void (*use)(Thread&, void*), void* argument) -> Result<void> {
        use(*static_cast<Thread*>(whom), argument);
        return {};
      },
      &thread, info);
}

Result<void> send_to_self(int signal) {
  SignalInfo info = signal_info(signal, kToThread);
  info.sender = {.process = Process::kFirst, .user = 0, .value = 0};
  if (own_signals() == nullptr) return fail(Errc::kNoMemory);
  TRY(send_to_thread(sched::current(), info));
  static_cast<void>(deliver_signals());
  return {};
}

void send_owned(QueuedSignal& signal, std::uint32_t thread) {
  if (thread == 0) {
    if (is_dropped(signal.info.signal)) return;
    signals().with([&](SharedSignals& shared) { shared.pending.add_owned(signal); });
    tell_by_id(choose(signal.info.signal).id);
    return;
  }
  struct Target {
    QueuedSignal& signal;
    std::uint32_t id;
  } target{signal, thread};
  sched::for_each(
      [](Thread& one, void* context) {
        const auto& wanted = *static_cast<Target*>(context);
        if (one.id() != wanted.id) return;
        signals().with([&](SharedSignals&) {
          if (ThreadSignals* const block = signals_of(one)) {
            block->pending.add_owned(wanted.signal);
          }
        });
        tell(one);
      },
      &target);
  look_again();
}

void withdraw(QueuedSignal& signal) {
  sched::for_each(
      [](Thread& thread, void* context) {
        auto& gone = *static_cast<QueuedSignal*>(context);
        signals().with([&](SharedSignals& shared) {
          if (ThreadSignals* const block = signals_of(thread)) {
            block->pending.remove(gone, shared.pool);
          }
        });
      },
      &signal);
  signals().with([&](SharedSignals& shared) { shared.pending.remove(signal, shared.pool); });
}

}  // namespace atl::posix
