// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "host_cpu.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <thread>

namespace atl::host {
namespace {

constinit std::array<HostCpu, kMaxCpus> cpus{};
constinit std::uint32_t count = 1;
constinit thread_local HostCpu* own = nullptr;
constinit std::atomic<void (*)()> the_relax_hook = nullptr;
constinit std::atomic<unsigned> rarity = Stumbling::kSeldom;

constexpr auto kRelaxed = std::memory_order_relaxed;

// A fence orders for the host's CPU, and not for TSan.
void order_for_the_host() { std::atomic_thread_fence(std::memory_order_seq_cst); }

bool is_due(const HostCpu& cpu) {
  const std::uint64_t alarm = cpu.alarm.load(kRelaxed);
  return alarm != kNotArmed && alarm <= ticks();
}

// Now and then the host runs another CPU instead, or this one stands still, as a hypervisor's
// may at any instruction: so they meet in other places than at the end of the host's slices.
void disturb(HostCpu& cpu) {
  cpu.random = cpu.random * 6364136223846793005 + 1442695040888963407;
  const std::uint64_t drawn = cpu.random >> 32;
  if (drawn % rarity.load(kRelaxed) == 0) {
    std::this_thread::sleep_for(std::chrono::microseconds{100 + drawn / 4096 % 256});
  } else if (drawn % 64 == 1) {
    std::this_thread::yield();
  }
}

}  // namespace

// Out of line, and never the same for the compiler: the host thread may be another one
// behind each switch of contexts.
[[gnu::noinline]] HostCpu& here() {
  HostCpu* cpu = own;
  asm volatile("" : "+r"(cpu) : : "memory");
  return *cpu;
}

HostCpu& at(std::uint32_t index) { return cpus[index]; }

void become(std::uint32_t index) {
  own = &cpus[index];
  own->random = index;
  own->early.self = &own->early;
  own->early.index = index;
  own->started.store(true, kRelaxed);
}

void signal(HostCpu& cpu, std::uint32_t lines) {
  order_for_the_host();
  cpu.pending.fetch_or(lines, kRelaxed);
  order_for_the_host();
  if (cpu.asleep.load(kRelaxed)) {
    syscall(SYS_futex, &cpu.pending, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
  }
}

std::uint32_t take_pending() {
  HostCpu& cpu = here();
  std::uint32_t lines = cpu.pending.exchange(0, kRelaxed);
  order_for_the_host();
  if (is_due(cpu)) {
    cpu.alarm.store(kNotArmed, kRelaxed);
    lines |= 1u << kTimerLine;
  }
  return lines;
}

void interrupt_point() {
  while (true) {
    HostCpu& cpu = here();
    if (!cpu.interrupts_enabled) return;
    if (cpu.pending.load(kRelaxed) == 0 && !is_due(cpu)) return;
    cpu.interrupts_enabled = false;
    arch::TrapFrame frame;
    arch::handle_interrupt(0, frame);
    if (frame.before_resume != nullptr) frame.before_resume();
    here().interrupts_enabled = true;
  }
}

std::uint64_t ticks() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  static const timespec start = now;
  return static_cast<std::uint64_t>(now.tv_sec - start.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec) - static_cast<std::uint64_t>(start.tv_nsec);
}

void set_relax_hook(void (*hook)()) { the_relax_hook.store(hook, kRelaxed); }
void (*relax_hook())() { return the_relax_hook.load(kRelaxed); }

Stumbling::Stumbling() { rarity.store(kOften, kRelaxed); }
Stumbling::~Stumbling() { rarity.store(kSeldom, kRelaxed); }

void raise_at(std::uint32_t cpu, std::uint32_t line) { signal(cpus[cpu], 1u << line); }

std::uint32_t cpu_count() { return count; }
void set_cpu_count(std::uint32_t wanted) { count = wanted; }

void give_up(const char* why) {
  std::fprintf(stderr, "host cpu: %s\n", why);
  std::abort();
}

namespace {

// Nothing that is pending, no timer, and nobody awake who could send something.
bool sleeps_for_ever() {
  for (std::uint32_t index = 0; index < count; ++index) {
    const HostCpu& cpu = cpus[index];
    if (!cpu.started.load(kRelaxed)) continue;
    if (!cpu.asleep.load(kRelaxed) || cpu.pending.load(kRelaxed) != 0) return false;
    if (cpu.alarm.load(kRelaxed) != kNotArmed) return false;
  }
  return true;
}

void sleep_for(HostCpu& cpu, std::uint64_t nanoseconds) {
  const timespec limit{.tv_sec = static_cast<time_t>(nanoseconds / 1'000'000'000),
                       .tv_nsec = static_cast<long>(nanoseconds % 1'000'000'000)};
  syscall(SYS_futex, &cpu.pending, FUTEX_WAIT_PRIVATE, 0, &limit, nullptr, 0);
}

void sleep_until_interrupt(HostCpu& cpu) {
  constexpr std::uint64_t kLook = 2'000'000'000;
  unsigned looks = 0;
  cpu.asleep.store(true, kRelaxed);
  order_for_the_host();
  while (cpu.pending.load(kRelaxed) == 0) {
    const std::uint64_t alarm = cpu.alarm.load(kRelaxed);
    const std::uint64_t now = ticks();
    if (alarm <= now) break;
    sleep_for(cpu, std::min(alarm - now, kLook));
    // Twice: a CPU may have been on its way into or out of this.
    looks = sleeps_for_ever() ? looks + 1 : 0;
    if (looks > 2) give_up("all wait for ever: no interrupt is pending or can come");
  }
  cpu.asleep.store(false, kRelaxed);
}

}  // namespace
}  // namespace atl::host

namespace atl::arch {

using host::here;
using host::interrupt_point;

bool Cpu::disable_interrupts() {
  host::disturb(here());
  if (here().interrupts_enabled) interrupt_point();
  host::HostCpu& cpu = here();
  const bool before = cpu.interrupts_enabled;
  cpu.interrupts_enabled = false;
  return before;
}

void Cpu::restore_interrupts(bool state) {
  if (state) {
    enable_interrupts();
  } else {
    here().interrupts_enabled = false;
  }
}

void Cpu::enable_interrupts() {
  here().interrupts_enabled = true;
  interrupt_point();
}

bool Cpu::interrupts_enabled() { return here().interrupts_enabled; }

void Cpu::wait_for_interrupt() {
  if (interrupts_enabled()) {
    host::give_up("wait_for_interrupt() with interrupts enabled loses wake-ups");
  }
  host::sleep_until_interrupt(here());
  enable_interrupts();
  here().interrupts_enabled = false;
}

void Cpu::relax() {
  if (const auto hook = host::relax_hook()) hook();
  interrupt_point();
  std::this_thread::yield();
}

void Cpu::halt() {
  if (&here() == &host::at(0)) host::give_up("halted");
  here().started.store(false, std::memory_order_relaxed);
  while (true) std::this_thread::sleep_for(std::chrono::hours{1});
}

CpuLocal& Cpu::cpu_local() { return *here().local; }
void Cpu::set_cpu_local(CpuLocal& local) { here().local = &local; }
std::uint64_t Cpu::thread_pointer() { return here().thread_pointer; }
void Cpu::set_thread_pointer(std::uint64_t value) { here().thread_pointer = value; }
std::uint64_t Cpu::cycle_counter() { return host::ticks(); }

}  // namespace atl::arch
