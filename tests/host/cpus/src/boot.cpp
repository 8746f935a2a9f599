// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <pthread.h>
#include <atoll/boot.hpp>
#include <atoll/console.hpp>
#include <atoll/cpu_start.hpp>
#include <atoll/shutdown.hpp>
#include <atoll/vm_test.hpp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "host_cpu.hpp"

/// What an image has of boot, cpu_start and console; the program's main function:
/// `program [--cpus=N] [pattern]`, as vm_test.filter has it, or `program --cpus=2 --planted`,
/// which TSan must report.
namespace atl {

Result<void> sched_init();
Result<void> sched_init_cpu();
Result<void> deadline_init();
Result<void> vm_test_filter_option(std::string_view value);

namespace host {

Result<void> connect_timer();

namespace {

Result<void> boot_steps() {
  TRY(sched_init());
  TRY(connect_timer());
  return deadline_init();
}

struct Wanted {
  const char* filter = nullptr;
  bool planted = false;
};

int run(const Wanted& wanted) {
  become(0);
  if (!boot_steps().ok()) give_up("a boot step failed");
  start_further_cpus();
  if (wanted.filter != nullptr && !vm_test_filter_option(wanted.filter).ok()) {
    give_up("an empty pattern");
  }
  arch::Cpu::enable_interrupts();
  const int status = wanted.planted ? static_cast<int>(plant_race()) : vm_test::run_all();
  static_cast<void>(arch::Cpu::disable_interrupts());
  shutdown::stop_other_cpus();
  return status;
}

}  // namespace
}  // namespace host

namespace cpu_start {

Result<std::uint64_t> find(std::size_t number) {
  if (number + 1 >= host::cpu_count()) return fail(Errc::kNoEntry);
  return number + 1;
}

Result<void> start(std::uint64_t, Start& start) {
  pthread_t thread{};
  const auto run = [](void* argument) -> void* {
    Start& own = *static_cast<Start*>(argument);
    host::become(own.local.index);
    own.local.self = &own.local;
    arch::Cpu::set_cpu_local(own.local);
    own.entry(own);
    return nullptr;
  };
  if (pthread_create(&thread, nullptr, run, &start) != 0) return fail(Errc::kNoMemory);
  pthread_detach(thread);
  return {};
}

void finish(std::uint64_t, bool) {}

}  // namespace cpu_start

Result<void> boot_cpu(const char*& failed_step) {
  failed_step = "sched";
  return sched_init_cpu();
}

namespace console {

void write(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

}  // namespace console
}  // namespace atl

int main(int argc, char** argv) {
  constexpr std::string_view kCpus = "--cpus=";
  atl::host::Wanted wanted;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word{argv[i]};
    if (word == "--planted") {
      wanted.planted = true;
    } else if (word.starts_with(kCpus)) {
      const int cpus = std::atoi(argv[i] + kCpus.size());
      if (cpus < 1 || cpus > static_cast<int>(atl::kMaxCpus)) {
        atl::host::give_up("--cpus= is beyond ARCH_MAX_CPUS");
      }
      atl::host::set_cpu_count(static_cast<std::uint32_t>(cpus));
    } else {
      wanted.filter = argv[i];
    }
  }
  return atl::host::run(wanted);
}
