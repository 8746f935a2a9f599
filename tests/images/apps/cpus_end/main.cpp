// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/console.hpp>
#include <atoll/panic.hpp>
#include <atoll/sched.hpp>
#include <atoll/shutdown.hpp>
#include <atomic>
#include <string_view>

namespace {

using namespace atl;

constinit std::atomic<unsigned> writers = 0;

void write_for_ever(void*) {
  ++writers;
  while (true) {
    console::write("a line of a thread\n");
    sched::yield();
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view how = argc > 1 ? argv[1] : "";
  // Alone, the main thread has nobody to end in the middle of a line.
  constexpr unsigned kWriters = sched::Provider::kOneThread ? 0 : 2 * kMaxCpus;
  if (kWriters == 0) console::write("a line of a thread\n");
  for (unsigned i = 0; i < kWriters; ++i) {
    if (!sched::create({.stack_bytes = 16 * 1024}, write_for_ever, nullptr).ok()) return 1;
  }
  while (writers < kWriters) sched::yield();
  if (how == "panic") panic("one CPU ends all");
  return 7;
}
