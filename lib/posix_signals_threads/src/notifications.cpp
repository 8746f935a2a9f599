// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "notifications.hpp"

#include <atoll/list.hpp>
#include <atoll/lock.hpp>
#include <atoll/make.hpp>
#include <atoll/mutex.hpp>
#include <atoll/posix/thread.hpp>

// POSIX.1-2017, XSH 2.4.1, SIGEV_THREAD; Linux man-pages sigevent(7). A timer expires in an
// interrupt, where no thread can be made: one that waits for that makes it.
namespace atl::posix {
namespace {

struct Call {
  SignalEvent::Function function;
  SignalValue value;
};

struct Notification final : OnHeap<Notification> {
  Call call{};
  ThreadAttributes attributes;
  sched::Scheduling scheduling;
  ListHook hook;
  bool due = false;
};

/// Under the lock of `queue`.
struct Due {
  List<Notification, &Notification::hook> all;
  WaitQueue queue;
};
constinit Due due;
constinit Locked<bool, atl::Mutex> maker_runs;

void* run(void* argument) {
  auto& made = *static_cast<Call*>(argument);
  const Call call = made;
  destroy_in(default_allocator(), made);
  call.function(call.value);
  return nullptr;
}

// Without memory the notification is lost.
void begin(const Call& call, ThreadAttributes attributes, const sched::Scheduling& scheduling) {
  attributes.scheduling = &scheduling;
  const Result<Call*> argument = make_in<Call>(default_allocator(), call);
  if (!argument.ok()) return;
  ThreadId thread = 0;
  if (create(attributes, run, argument.value(), thread).ok()) return;
  destroy_in(default_allocator(), *argument.value());
}

// For ever. The threads begin with its mask, in which no signal disturbs the function.
void make_threads(void*) {
  sched::current().signal_mask.store(~SignalSet{0} & ~kUnmaskable, std::memory_order_relaxed);
  while (true) {
    Call call{};
    ThreadAttributes attributes;
    sched::Scheduling scheduling;
    {
      WaitQueue::Guard guard{due.queue};
      while (due.all.empty()) {
        static_cast<void>(due.queue.wait(guard, Deadline::never(), Interruptions::kNone));
      }
      Notification& next = *due.all.pop_front();
      next.due = false;
      call = next.call;
      attributes = next.attributes;
      scheduling = next.scheduling;
    }
    begin(call, attributes, scheduling);
  }
}

Result<void> start_maker() {
  return maker_runs.with([](bool& runs) -> Result<void> {
    if (runs) return {};
    TRY(sched::create({.name = "notifications", .stack_bytes = 16384, .detached = true},
                      make_threads, nullptr));
    runs = true;
    return {};
  });
}

// As the attributes say, else as the creator.
Result<void*> prepare(const SignalEvent& event) {
  if (event.function() == nullptr) return fail(Errc::kInvalidArgument);
  ThreadAttributes attributes;
  sched::Scheduling scheduling = TRY(posix::scheduling(self()));
  if (event.attributes != nullptr) {
    attributes = TRY(read_attributes(event.attributes, scheduling));
    // There may be several at a time.
    if (attributes.stack != nullptr) return fail(Errc::kInvalidArgument);
  }
  attributes.detached = true;
  if (attributes.affinity == 0) attributes.affinity = TRY(affinity(self()));
  if (!start_maker().ok()) return fail(Errc::kTryAgain);
  Result<Owned<Notification>> made = make<Notification>();
  if (!made.ok()) return fail(Errc::kTryAgain);
  Notification& notification = *made.value().release();
  notification.call = {event.function(), event.value};
  notification.attributes = attributes;
  notification.scheduling = scheduling;
  return static_cast<void*>(&notification);
}

bool notify(void* prepared) {
  auto& notification = *static_cast<Notification*>(prepared);
  WaitQueue::Guard guard{due.queue};
  if (notification.due) return false;
  notification.due = true;
  due.all.push_back(notification);
  due.queue.wake_one(guard);
  return true;
}

void dismiss(void* prepared) {
  auto& notification = *static_cast<Notification*>(prepared);
  {
    WaitQueue::Guard guard{due.queue};
    if (notification.due) due.all.remove(notification);
  }
  Notification::destroy(notification);
}

}  // namespace

Notifier notifications() { return {.prepare = prepare, .notify = notify, .dismiss = dismiss}; }

}  // namespace atl::posix
