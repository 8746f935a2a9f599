// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <future>
#include <iostream>
#include <latch>
#include <memory>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <sstream>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

namespace {

void futures() {
  std::cout << std::async(std::launch::async, [] { return 6 * 7; }).get() << '\n';
  std::cout << std::async(std::launch::deferred, [] { return 8; }).get() << '\n';
  auto failing =
      std::async(std::launch::async, []() -> int { throw std::out_of_range("thrown there"); });
  try {
    failing.get();
  } catch (const std::out_of_range& error) {
    std::cout << "caught here: " << error.what() << '\n';
  }
  std::promise<std::string> promise;
  std::shared_future<std::string> shared = promise.get_future().share();
  std::array<std::future<std::size_t>, 3> readers;
  for (auto& reader : readers) {
    reader = std::async(std::launch::async, [shared] { return shared.get().size(); });
  }
  std::cout << (shared.wait_for(1ms) == std::future_status::timeout) << '\n';
  promise.set_value("four");
  for (auto& reader : readers) std::cout << reader.get();
  std::promise<void> at_end;
  std::thread([&at_end] { at_end.set_value_at_thread_exit(); }).detach();
  at_end.get_future().wait();
  std::cout << " at thread exit\n";
}

void locks() {
  int counter = 0;
  std::mutex mutex;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        for (int j = 0; j < 500; ++j) {
          const std::scoped_lock lock{mutex};
          const int read = counter;
          if (j % 50 == 0) std::this_thread::yield();
          counter = read + 1;
        }
      });
    }
  }
  std::cout << counter << '\n';

  std::shared_mutex table;
  std::atomic<int> inside{0};
  std::atomic<bool> mixed{false};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 6; ++i) {
      threads.emplace_back([&, writes = i % 3 == 0] {
        for (int j = 0; j < 50; ++j) {
          if (writes) {
            const std::unique_lock lock{table};
            if (inside.fetch_add(100) != 0) mixed = true;
            std::this_thread::yield();
            inside -= 100;
          } else {
            const std::shared_lock lock{table};
            if (inside.fetch_add(1) >= 100) mixed = true;
            std::this_thread::yield();
            --inside;
          }
        }
      });
    }
  }
  std::cout << mixed << inside << '\n';

  std::timed_mutex timed;
  timed.lock();
  std::jthread{[&] { std::cout << timed.try_lock_for(3ms) << timed.try_lock() << '\n'; }}.join();
  timed.unlock();
}

void conditions() {
  std::mutex mutex;
  std::condition_variable changed;
  int stage = 0;
  std::jthread other{[&] {
    std::unique_lock lock{mutex};
    changed.wait(lock, [&] { return stage == 1; });
    stage = 2;
    changed.notify_all();
  }};
  std::unique_lock lock{mutex};
  stage = 1;
  changed.notify_all();
  changed.wait(lock, [&] { return stage == 2; });
  std::cout << stage << '\n';
  const auto begin = std::chrono::steady_clock::now();
  std::cout << (changed.wait_for(lock, 4ms) == std::cv_status::timeout);
  std::cout << (std::chrono::steady_clock::now() - begin >= 4ms);
  std::cout << (changed.wait_until(lock, std::chrono::system_clock::now() + 1ms) ==
                std::cv_status::timeout)
            << '\n';
}

void once() {
  std::once_flag flag;
  std::atomic<int> tries{0};
  std::atomic<int> failures{0};
  std::atomic<int> seen{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 6; ++i) {
      threads.emplace_back([&] {
        try {
          std::call_once(flag, [&] {
            std::this_thread::sleep_for(1ms);
            if (++tries < 3) throw std::runtime_error("not yet");
          });
          ++seen;
        } catch (const std::runtime_error&) {
          ++failures;
        }
      });
    }
  }
  std::cout << tries << failures << seen << '\n';
  // A static local whose constructor takes time, and once throws.
  static std::atomic<int> made{0};
  struct Slow {
    Slow() {
      std::this_thread::sleep_for(1ms);
      if (++made == 1) throw 1;
    }
    int number = 5;
  };
  std::atomic<int> sum{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 6; ++i) {
      threads.emplace_back([&] {
        try {
          static const Slow slow;
          sum += slow.number;
        } catch (int) {
          sum += 1000;
        }
      });
    }
  }
  std::cout << made << ' ' << sum << '\n';
}

struct Said {
  ~Said() { std::cout << "ended " << words << '\n'; }
  std::string words = "fresh";
};
thread_local Said of_thread;
thread_local int zeroed;
thread_local int counted = 3;

void thread_locals() {
  of_thread.words = "main's";
  ++counted;
  for (int i = 0; i < 2; ++i) {
    std::jthread{[i] {
      std::cout << of_thread.words << zeroed++ << counted++ << '\n';
      of_thread.words = "thread's " + std::to_string(i);
    }}.join();
  }
  std::cout << of_thread.words << zeroed << counted << '\n';
}

/// Pairs of threads, each with an atomic object of its own; libstdc++ has one queue for all,
/// since they are 64 bytes from each other.
void many_waits() {
  struct alignas(64) Ball {
    std::atomic<long> side{0};
  };
  std::array<Ball, 4> balls;
  {
    std::vector<std::jthread> players;
    for (auto& ball : balls) {
      for (long mine : {0L, 1L}) {
        players.emplace_back([&side = ball.side, mine] {
          for (int i = 0; i < 50; ++i) {
            side.wait(1 - mine);
            side.store(1 - mine, std::memory_order_release);
            side.notify_one();
          }
        });
      }
    }
  }
  for (auto& ball : balls) std::cout << ball.side;
  std::cout << '\n';
}

void waits() {
  std::atomic<int> ball{0};
  {
    const auto play = [&](int mine) {
      for (int i = 0; i < 100; ++i) {
        ball.wait(1 - mine);
        ball = 1 - mine;
        ball.notify_one();
      }
    };
    std::jthread first{play, 0};
    std::jthread second{play, 1};
  }
  std::cout << ball << '\n';
  std::latch latch{3};
  std::binary_semaphore semaphore{0};
  int phases = 0;
  std::barrier barrier{3, [&phases]() noexcept { ++phases; }};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 3; ++i) {
      threads.emplace_back([&] {
        latch.arrive_and_wait();
        for (int j = 0; j < 20; ++j) barrier.arrive_and_wait();
      });
    }
    threads.emplace_back([&] {
      latch.wait();
      semaphore.release();
    });
    std::cout << semaphore.try_acquire_for(10s) << semaphore.try_acquire_for(1ms) << '\n';
  }
  std::cout << phases << '\n';
}

void stopping() {
  std::atomic<bool> waits{false};
  std::atomic<bool> called{false};
  std::jthread worker{[&](const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any condition;
    std::unique_lock lock{mutex};
    waits = true;
    waits.notify_one();
    condition.wait(lock, stop, [] { return false; });
    std::cout << "asked to stop\n";
  }};
  waits.wait(false);
  const std::stop_callback callback{worker.get_stop_token(), [&called] { called = true; }};
  worker.request_stop();
  worker.join();
  std::cout << called << worker.joinable() << (std::thread::hardware_concurrency() > 0) << '\n';
  try {
    std::thread none;
    none.join();
  } catch (const std::system_error& error) {
    std::cout << (error.code() == std::errc::invalid_argument) << '\n';
  }
}

/// Exceptions of many threads at once, each with its own stack and its own count.
void storms() {
  std::atomic<long> sum{0};
  {
    std::vector<std::jthread> threads;
    for (long i = 0; i < 8; ++i) {
      threads.emplace_back([&sum, i] {
        for (long j = 0; j < 50; ++j) {
          try {
            try {
              if (j % 5 == 0) std::this_thread::yield();
              throw i * j;
            } catch (long number) {
              std::this_thread::yield();
              throw std::to_string(number);
            }
          } catch (const std::string& text) {
            sum += std::stol(text) + std::uncaught_exceptions();
          }
        }
      });
    }
  }
  std::cout << sum << '\n';
  std::exception_ptr moved;
  std::jthread{[&moved] {
    try {
      throw std::domain_error("from a thread that has ended");
    } catch (...) {
      moved = std::current_exception();
    }
  }}.join();
  try {
    std::rethrow_exception(moved);
  } catch (const std::domain_error& error) {
    std::cout << error.what() << '\n';
  }
}

[[gnu::noinline]] void fail(const char* why) { throw std::runtime_error(why); }

int end(std::string_view way) {
  if (way == "throw") {
    std::jthread thread{[] { fail("out of a thread"); }};
    thread.join();
  } else if (way == "joinable") {
    const std::thread left{[] { std::this_thread::sleep_for(1h); }};
  } else if (way == "noexcept") {
    std::jthread thread{[]() noexcept { fail("out of noexcept"); }};
    thread.join();
  } else if (way == "cpus") {
    std::cout << "CPUs: " << std::thread::hardware_concurrency() << '\n';
    return 0;
  } else if (way == "many") {
    // Until there is no memory for another stack.
    std::latch go{1};
    std::vector<std::jthread> threads;
    try {
      while (true) threads.emplace_back([&go] { go.wait(); });
    } catch (const std::system_error& error) {
      std::cout << "refused: " << (error.code() == std::errc::resource_unavailable_try_again)
                << '\n';
    } catch (const std::bad_alloc&) {
      std::cout << "refused: 1\n";
    }
    go.count_down();
    threads.clear();
    std::jthread{[] { std::cout << "and lives on\n"; }}.join();
    return 0;
  }
  return 77;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) return end(argv[1]);
  constexpr std::pair<const char*, void (*)()> kSections[] = {
      {"futures", futures},
      {"locks", locks},
      {"conditions", conditions},
      {"once", once},
      {"thread_locals", thread_locals},
      {"waits", waits},
      {"many_waits", many_waits},
      {"stopping", stopping},
      {"storms", storms},
  };
  for (const auto& [name, run] : kSections) {
    std::cout << "== " << name << std::endl;
    run();
  }
  std::cout << "== end\n";
}
