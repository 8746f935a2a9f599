// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/sync.hpp>
#include <atoll/vm_test.hpp>

namespace sync_vm_test {

using namespace atl;

VM_TEST(Sync, mutex_finds_recursion_and_is_free_again) {
  Mutex mutex;
  mutex.lock();
  VM_EXPECT(!mutex.try_lock());
  VM_EXPECT_EQ(mutex.lock(Deadline::never()).error(), Errc::kDeadlock);
  mutex.unlock();
  VM_EXPECT(mutex.try_lock());
  mutex.unlock();
}

VM_TEST(Sync, semaphore_counts) {
  Semaphore semaphore{1};
  VM_EXPECT(semaphore.acquire().ok());
  VM_EXPECT(!semaphore.try_acquire());
  VM_EXPECT(semaphore.release(2).ok());
  VM_EXPECT_EQ(semaphore.permits(), 2u);
}

VM_TEST(Sync, event_stays_set) {
  Event event;
  event.set();
  VM_EXPECT(event.wait().ok());
  event.reset();
  VM_EXPECT(!event.is_set());
}

struct Pipe {
  Mutex mutex;
  ConditionVariable changed;
  int held = 0;
  int sum = 0;
  static constexpr int kLast = 200;

  static void consume(void* argument) {
    auto& pipe = *static_cast<Pipe*>(argument);
    int got = 0;
    while (got != kLast) {
      pipe.mutex.lock();
      while (pipe.held == 0) static_cast<void>(pipe.changed.wait(pipe.mutex));
      got = pipe.held;
      pipe.sum += got;
      pipe.held = 0;
      pipe.changed.notify_one();
      pipe.mutex.unlock();
    }
  }
};

VM_TEST(Sync, threads_hand_over_under_a_mutex) {
  if constexpr (sched::Provider::kOneThread) VM_SKIP("this scheduler has one thread");
  Pipe pipe;
  const Result<Thread*> consumer = sched::create({.stack_bytes = 8192}, Pipe::consume, &pipe);
  VM_ASSERT(consumer.ok());
  for (int i = 1; i <= Pipe::kLast; ++i) {
    pipe.mutex.lock();
    while (pipe.held != 0) VM_ASSERT(pipe.changed.wait(pipe.mutex).ok());
    pipe.held = i;
    pipe.changed.notify_one();
    pipe.mutex.unlock();
  }
  VM_EXPECT(sched::join(*consumer.value()).ok());
  VM_EXPECT_EQ(pipe.sum, Pipe::kLast * (Pipe::kLast + 1) / 2);
}

}  // namespace sync_vm_test
