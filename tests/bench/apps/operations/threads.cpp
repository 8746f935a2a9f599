// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/assert.hpp>
#include <atoll/sched.hpp>
#include <atoll/sync.hpp>

#include "operations.hpp"

namespace operations {
namespace {

using namespace atl;

struct Shared {
  explicit Shared(unsigned times) : left(times) {}
  unsigned left;
  Semaphore ping;
  Semaphore pong;
};

Thread& start(sched::Entry entry, void* argument) {
  const auto thread = sched::create({}, entry, argument);
  ATOLL_ASSERT(thread.ok());
  return *thread.value();
}

void finish(Thread& thread) { ATOLL_ASSERT(sched::join(thread).ok()); }

}  // namespace

// Two threads, half of the switches each.
void yield(unsigned times) {
  Shared shared{times / 2};
  Thread& other = start(
      [](void* argument) {
        for (unsigned i = static_cast<Shared*>(argument)->left; i > 0; --i) sched::yield();
      },
      &shared);
  for (unsigned i = times / 2; i > 0; --i) sched::yield();
  finish(other);
}

void create_and_join(unsigned times) {
  for (; times > 0; --times) finish(start([](void*) {}, nullptr));
}

void lock_and_unlock(unsigned times) {
  Mutex mutex;
  for (; times > 0; --times) {
    mutex.lock();
    mutex.unlock();
  }
}

void wake_to_run(unsigned times) {
  Shared shared{times / 2};
  Thread& other = start(
      [](void* argument) {
        auto& self = *static_cast<Shared*>(argument);
        for (unsigned i = self.left; i > 0; --i) {
          static_cast<void>(self.ping.acquire());
          static_cast<void>(self.pong.release());
        }
      },
      &shared);
  for (unsigned i = times / 2; i > 0; --i) {
    static_cast<void>(shared.ping.release());
    static_cast<void>(shared.pong.acquire());
  }
  finish(other);
}

}  // namespace operations
