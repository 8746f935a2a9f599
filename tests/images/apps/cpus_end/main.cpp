// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/console.hpp>
#include <atoll/panic.hpp>
#include <atoll/sched.hpp>
#include <atoll/shutdown.hpp>
#include <atoll/smp.hpp>
#include <atomic>
#include <bit>
#include <string_view>

namespace {

using namespace atl;

constinit std::atomic<unsigned> writers = 0;

void write_for_ever(void*) {
  ++writers;
  while (true) console::write("a line of a thread\n");
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view how = argc > 1 ? argv[1] : "";
  const auto cpus = static_cast<unsigned>(std::popcount(smp::running()));
  for (unsigned i = 0; i < 2 * cpus; ++i) {
    if (!sched::create({}, write_for_ever, nullptr).ok()) return 1;
  }
  while (writers < 2 * cpus) sched::yield();
  if (how == "panic") panic("one CPU ends all");
  return 7;
}
