// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

/// Threads that run what is handed to them, in the order of its coming. Its end waits for
/// what runs; what has not begun by then is dropped, and its future says broken_promise.
class ThreadPool {
 public:
  explicit ThreadPool(unsigned threads);
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  ~ThreadPool();

  /// Has `function` called by one of the threads. The future holds what it returns, or what
  /// it throws.
  template <std::invocable Function>
  std::future<std::invoke_result_t<Function>> submit(Function function) {
    auto task =
        std::make_shared<std::packaged_task<std::invoke_result_t<Function>()>>(std::move(function));
    auto future = task->get_future();
    add([task] { (*task)(); });
    return future;
  }

 private:
  void add(std::function<void()> job);
  void work(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any not_empty_;
  std::deque<std::function<void()>> jobs_;
  std::vector<std::jthread> threads_;  // the last member: ends before what they use
};
