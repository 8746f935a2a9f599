// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/assert.hpp>
#include <atoll/clock.hpp>
#include <atoll/console.hpp>
#include <atoll/deadline.hpp>
#include <atoll/format.hpp>
#include <atoll/parse.hpp>
#include <atoll/sched.hpp>
#include <atoll/semaphore.hpp>
#include <atoll/smp.hpp>
#include <atomic>
#include <string_view>

namespace {

using namespace atl;

constexpr unsigned kMostThreads = 16;

void call(unsigned times) {
  for (; times > 0; --times)
    smp::call(
        smp::running(), [](void*) {}, nullptr);
}

struct Work {
  std::atomic<unsigned>* running;
  Semaphore* done;  ///< released by the last, so that none has company at the end of another
  unsigned rounds;
  std::uint64_t result;
};

// QEMU that counts runs CPUs in turns, each until the next timer of any: without one of its
// own a CPU has done its work before the next has its turn.
class Pulse : public Timer {
 public:
  Pulse() : Timer(beat) { beat(*this); }
  ~Pulse() { deadline::cancel(*this); }
  Pulse(const Pulse&) = delete;
  Pulse& operator=(const Pulse&) = delete;

 private:
  static void beat(Timer& timer) {
    while (!deadline::arm(timer, deadline::after(1_ms).when())) {
    }
  }
};

void compute(void* argument) {
  const Pulse pulse;
  auto& work = *static_cast<Work*>(argument);
  std::uint64_t value = 1;
  for (unsigned round = work.rounds; round > 0; --round) {
    for (unsigned step = 0; step != 1000; ++step) {
      value = value * 6'364'136'223'846'793'005 + 1'442'695'040'888'963'407;
      asm volatile("" : "+r"(value));
    }
  }
  work.result = value;
  if (--*work.running == 0) ATOLL_ASSERT(work.done->release().ok());
}

void compute_in(unsigned threads, unsigned rounds) {
  std::atomic<unsigned> running = threads;
  Semaphore done;
  std::array<Work, kMostThreads> works{};
  std::array<Thread*, kMostThreads> started{};
  const Nanoseconds begin = clock::now();
  for (unsigned i = 0; i < threads; ++i) {
    works[i] = {.running = &running, .done = &done, .rounds = rounds, .result = 0};
    const auto thread = sched::create({}, compute, &works[i]);
    ATOLL_ASSERT(thread.ok());
    started[i] = thread.value();
  }
  if (threads > 0) ATOLL_ASSERT(done.acquire().ok());
  for (unsigned i = 0; i < threads; ++i) ATOLL_ASSERT(sched::join(*started[i]).ok());
  const Nanoseconds took = clock::now() - begin;
  for (unsigned i = 0; i < threads; ++i) ATOLL_ASSERT(works[i].result == works[0].result);
  std::array<char, 64> room;
  TextWriter text{room};
  text.decimal(took.count / 1000).text(" us\n");
  console::write(text.view());
}

unsigned number(const char* word) {
  const auto parsed = parse_number(word, ~0u);
  return parsed.ok() ? static_cast<unsigned>(parsed.value()) : 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view name = argc > 1 ? argv[1] : "";
  if (name == "call" && argc == 3) {
    call(number(argv[2]));
    return 0;
  }
  if (name == "compute" && argc == 4 && number(argv[2]) <= kMostThreads) {
    compute_in(number(argv[2]), number(argv[3]));
    return 0;
  }
  console::write("cpu_operations: expected call <times>, or compute <threads> <rounds>\n");
  return argc > 1 ? 2 : 0;
}
