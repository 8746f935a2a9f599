// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "section.hpp"

#include <coroutine>
#include <exception>
#include <stdexcept>
#include <utility>

namespace {

/// A sequence whose values a coroutine gives one by one.
class Generator {
 public:
  struct promise_type {
    int value = 0;
    std::exception_ptr error;
    Generator get_return_object() {
      return Generator{std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int given) {
      value = given;
      return {};
    }
    void return_void() {}
    void unhandled_exception() { error = std::current_exception(); }
  };

  explicit Generator(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  Generator(Generator&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  ~Generator() {
    if (handle_) handle_.destroy();
  }
  bool next() {
    handle_.resume();
    if (handle_.promise().error) std::rethrow_exception(handle_.promise().error);
    return !handle_.done();
  }
  int value() const { return handle_.promise().value; }

 private:
  std::coroutine_handle<promise_type> handle_;
};

struct Leaves {
  ~Leaves() { std::cout << "left the coroutine\n"; }
};

Generator fibonacci(int limit) {
  const Leaves leaves;
  for (int a = 0, b = 1; a <= limit; b = a + std::exchange(a, b)) co_yield a;
}

Generator fails_after(int count) {
  const Leaves leaves;
  for (int i = 0; i < count; ++i) co_yield i;
  throw std::runtime_error("inside a coroutine");
}

}  // namespace

void coroutines() {
  for (Generator numbers = fibonacci(50); numbers.next();) std::cout << numbers.value() << ' ';
  std::cout << '\n';
  {
    Generator abandoned = fibonacci(1000);
    abandoned.next();
  }
  try {
    Generator failing = fails_after(2);
    while (failing.next()) std::cout << failing.value() << '\n';
  } catch (const std::runtime_error& error) {
    std::cout << error.what() << '\n';
  }
}
