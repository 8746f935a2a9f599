// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Reads a server's journal with many threads: each piece is a task of a pool, whose future
// brings what it found, or the exception that ended it.

#include "journal.hpp"
#include "thread_pool.hpp"

#include <algorithm>
#include <atomic>
#include <barrier>
#include <chrono>
#include <cstdlib>
#include <future>
#include <iomanip>
#include <iostream>
#include <latch>
#include <numeric>
#include <ranges>
#include <semaphore>
#include <stdexcept>
#include <string>
#include <syncstream>
#include <thread>
#include <vector>

namespace {

constexpr unsigned kPieces = 16;
constexpr unsigned kLines = 40;

void show(const journal::Summary& summary) {
  std::cout << summary.requests << " requests, " << summary.failures << " failed, " << std::fixed
            << std::setprecision(1) << summary.milliseconds / summary.requests << " ms each\n";
  for (const auto& [path, count] : summary.by_path) {
    std::cout << "  " << std::left << std::setw(12) << path << std::right << std::setw(4) << count
              << '\n';
  }
}

void read_in_pieces(ThreadPool& pool) {
  std::vector<std::future<journal::Summary>> futures;
  for (unsigned piece = 0; piece < kPieces; ++piece) {
    futures.push_back(
        pool.submit([piece] { return journal::read(journal::written(piece, kLines)); }));
  }
  journal::Summary all;
  for (auto& future : futures) all += future.get();
  show(all);
}

/// An exception leaves the regular expressions' caller, two loops, a task and its thread; the
/// future throws it here.
void read_what_is_damaged(ThreadPool& pool) {
  auto future =
      pool.submit([] { return journal::read(journal::written(1, 3) + "not a request\n"); });
  try {
    show(future.get());
  } catch (const journal::BadLine& error) {
    std::cout << "refused: " << error.what() << '\n';
  }
  auto sorted = std::async(std::launch::async, [] {
    std::vector<int> numbers(100);
    std::iota(numbers.rbegin(), numbers.rend(), 0);
    std::ranges::sort(numbers, [](int left, int right) {
      if (left == 50) throw std::domain_error("50 has no order");
      return left < right;
    });
  });
  try {
    sorted.get();
  } catch (const std::domain_error& error) {
    std::cout << "refused: " << error.what() << '\n';
  }
}

/// The words of threads that take turns.
void take_turns(unsigned threads) {
  std::atomic<unsigned> turn{0};
  std::latch all_here{threads};
  std::counting_semaphore<> ended{0};
  std::barrier round{static_cast<std::ptrdiff_t>(threads)};
  std::atomic<unsigned> sum{0};
  std::vector<std::jthread> players;
  for (unsigned me = 0; me < threads; ++me) {
    players.emplace_back([&, me] {
      thread_local unsigned spoken = 0;
      all_here.arrive_and_wait();
      for (unsigned rounds = 0; rounds < 3; ++rounds) {
        for (unsigned now = turn; now % threads != me; now = turn) turn.wait(now);
        ++spoken;
        std::osyncstream(std::cout) << "thread " << me << " speaks, " << spoken << ". time\n";
        ++turn;
        turn.notify_all();
        round.arrive_and_wait();
      }
      sum += spoken;
      ended.release();
    });
  }
  for (unsigned i = 0; i < threads; ++i) ended.acquire();
  std::cout << "spoken " << sum << " times\n";
}

/// A thread that works until it is told to stop.
void stop_in_time() {
  using namespace std::chrono_literals;
  std::atomic<bool> began{false};
  std::jthread ticker{[&](const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock{mutex};
    began = true;
    began.notify_one();
    never.wait_for(lock, stop, 1h, [] { return false; });
    std::cout << "stopped: " << stop.stop_requested() << '\n';
  }};
  began.wait(false);
  std::this_thread::sleep_for(2ms);
  ticker.request_stop();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const unsigned threads = argc > 1 ? static_cast<unsigned>(std::stoul(argv[1])) : 4;
    if (threads < 1 || threads > 64) throw std::invalid_argument("1 to 64 threads");
    ThreadPool pool{threads};
    read_in_pieces(pool);
    read_what_is_damaged(pool);
    take_turns(threads);
    stop_in_time();
  } catch (const std::exception& error) {
    std::cerr << "cpp_threads: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
