// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/arch.hpp>
#include <atoll/boot.hpp>
#include <atoll/clock.hpp>
#include <atoll/cpu_start.hpp>
#include <atoll/log.hpp>
#include <atoll/sched.hpp>
#include <atoll/vm.hpp>
#include <atomic>

#include "running.hpp"

namespace atl {
namespace {

/// How far a further CPU has come. Whoever changes kStarting first decides.
enum class Progress : std::uint8_t { kStarting, kRunning, kFailed, kLeftOut };

struct FurtherCpu {
  cpu_start::Start start;
  std::atomic<Progress> progress = Progress::kStarting;
  const char* failed_step = "";  // with kFailed
  Errc error{};
};

// Its steps, and later its idle loop: what a step logs is formatted there.
constexpr std::size_t kStackBytes = 16384;

// A CPU takes microseconds; an emulated one on a busy host seconds.
constexpr Nanoseconds kPatience = 10_s;

constinit std::array<FurtherCpu, kMaxCpus> further{};
constinit std::atomic<smp::Cpus> cpus = 1;

bool settle(FurtherCpu& cpu, Progress outcome) {
  Progress before = Progress::kStarting;
  return cpu.progress.compare_exchange_strong(before, outcome, std::memory_order_acq_rel);
}

// Where a further CPU begins.
void run(cpu_start::Start& start) {
  FurtherCpu& self = further[start.local.index];
  const auto done = boot_cpu(self.failed_step);
  self.error = done.error();
  if (settle(self, done.ok() ? Progress::kRunning : Progress::kFailed) && done.ok()) {
    sched::Provider::run_cpu();
  }
  arch::Cpu::halt();  // left out
}

Progress wait_for(FurtherCpu& cpu) {
  const Nanoseconds end = clock::now() + kPatience;
  while (cpu.progress.load(std::memory_order_acquire) == Progress::kStarting) {
    if (clock::now() >= end && settle(cpu, Progress::kLeftOut)) break;
    arch::Cpu::relax();
  }
  return cpu.progress.load(std::memory_order_acquire);
}

Result<void> start(std::uint32_t index, std::uint64_t name) {
  FurtherCpu& cpu = further[index];
  cpu.start.local.index = index;
  cpu.start.stack_top = TRY(vm::allocate_stack(kStackBytes)).top();
  cpu.start.entry = run;
  TRY(cpu_start::start(name, cpu.start));
  const Progress progress = wait_for(cpu);
  cpu_start::finish(name, progress != Progress::kLeftOut);
  if (progress == Progress::kLeftOut) return fail(Errc::kTimedOut);
  if (progress == Progress::kFailed) return fail(cpu.error);
  smp::add_running(index);
  return {};
}

void report(std::uint32_t index, std::uint64_t name, Errc error) {
  const FurtherCpu& cpu = further[index];
  log::error("smp", "CPU {} ({:x}) is left out: {}{}{}", index, name, cpu.failed_step,
             *cpu.failed_step != 0 ? ": " : "", error);
}

}  // namespace

namespace smp {

Cpus running() { return cpus.load(std::memory_order_relaxed); }

void add_running(std::uint32_t cpu) { cpus.fetch_or(Cpus{1} << cpu, std::memory_order_release); }

}  // namespace smp

void start_further_cpus() {
  auto connected = smp::connect_calls();
  if (connected.ok()) connected = smp::connect_stop();
  if (!connected.ok()) {
    log::error("smp", "one CPU only: {}", connected.error());
    return;
  }
  std::uint32_t index = 1;
  for (std::size_t number = 0;; ++number) {
    const auto name = cpu_start::find(number);
    if (!name.ok()) {
      if (name.error() != Errc::kNoEntry)
        log::warning("smp", "which CPUs there are: {}", name.error());
      return;
    }
    if (index == kMaxCpus) {
      log::info("smp", "the machine has more CPUs than ARCH_MAX_CPUS, {}", kMaxCpus);
      return;
    }
    if (const auto started = start(index, name.value()); !started.ok()) {
      report(index, name.value(), started.error());
    }
    ++index;
  }
}

}  // namespace atl
