// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "section.hpp"

#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <future>
#include <latch>
#include <memory>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <stop_token>
#include <system_error>
#include <thread>

// What needs no second thread.
void synchronization() {
  using namespace std::chrono_literals;
  std::mutex mutex;
  std::recursive_mutex recursive;
  std::shared_mutex shared;
  std::timed_mutex timed;
  {
    const std::scoped_lock both{mutex, recursive};
    std::cout << mutex.try_lock() << recursive.try_lock() << '\n';
    recursive.unlock();
    std::shared_lock reader{shared};
    std::cout << shared.try_lock_shared() << shared.try_lock() << '\n';
    shared.unlock_shared();
    std::cout << timed.try_lock_for(1ms) << timed.try_lock_for(1ms) << '\n';
    timed.unlock();
  }
  try {
    std::unique_lock<std::mutex> none;
    none.lock();
  } catch (const std::system_error& error) {
    std::cout << (error.code() == std::errc::operation_not_permitted) << '\n';
  }

  std::condition_variable condition;
  std::unique_lock lock{mutex};
  const auto begin = std::chrono::steady_clock::now();
  std::cout << condition.wait_for(lock, 5ms, [] { return false; }) << '\n';
  std::cout << (std::chrono::steady_clock::now() - begin >= 5ms) << '\n';
  lock.unlock();

  std::once_flag once;
  for (int i = 0; i < 3; ++i) {
    try {
      std::call_once(once, [i] {
        std::cout << "once " << i << '\n';
        if (i == 0) throw 1;
      });
    } catch (int) {
      std::cout << "again\n";
    }
  }

  std::stop_source source;
  {
    const std::stop_callback callback{source.get_token(), [] { std::cout << "stopping\n"; }};
    std::cout << source.stop_requested() << source.request_stop() << source.request_stop() << '\n';
  }
  const std::stop_callback late{source.get_token(), [] { std::cout << "at once\n"; }};

  std::counting_semaphore<4> semaphore{2};
  std::cout << semaphore.try_acquire() << semaphore.try_acquire() << semaphore.try_acquire()
            << '\n';
  semaphore.release();
  semaphore.acquire();
  std::latch latch{2};
  latch.count_down();
  std::cout << latch.try_wait();
  latch.arrive_and_wait();
  std::cout << latch.try_wait() << '\n';
  std::barrier barrier{1, []() noexcept { std::cout << "phase\n"; }};
  barrier.arrive_and_wait();
  barrier.arrive_and_wait();

  std::atomic<int> number{1};
  number.wait(0);
  number.fetch_add(4);
  number.notify_all();
  std::atomic<std::shared_ptr<int>> pointer{std::make_shared<int>(9)};
  std::cout << number << ' ' << *pointer.load() << ' ' << number.is_lock_free() << '\n';
  std::atomic_ref<int> reference{*pointer.load()};
  std::cout << ++reference << '\n';

  std::promise<int> promise;
  auto future = promise.get_future();
  promise.set_value(5);
  std::cout << future.get() << ' ' << future.valid() << '\n';
  std::promise<int> failing;
  auto failed = failing.get_future();
  failing.set_exception(std::make_exception_ptr(std::runtime_error("through a future")));
  try {
    failed.get();
  } catch (const std::runtime_error& error) {
    std::cout << error.what() << '\n';
  }
  std::future<int> broken;
  {
    std::promise<int> left;
    broken = left.get_future();
  }
  try {
    broken.get();
  } catch (const std::future_error& error) {
    std::cout << error.what() << '\n';
  }
  std::packaged_task<int(int)> task{[](int value) { return value * 3; }};
  auto answer = task.get_future();
  task(4);
  std::cout << answer.get() << '\n';
  std::cout << (std::this_thread::get_id() == std::thread::id()) << '\n';
  std::this_thread::yield();
}
