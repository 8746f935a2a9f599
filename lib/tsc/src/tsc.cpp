// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/arch/cpuid.hpp>
#include <atoll/arch/ports.hpp>
#include <atoll/lock.hpp>
#include <atoll/result.hpp>
#include <atoll/tick_scale.hpp>
#include <atoll/timekeeping.hpp>
#include <atoll/tsc.hpp>
#include <atomic>

#include "cpuid_rate.hpp"
#include "pit.hpp"

namespace atl {
namespace {

using arch::Cpu;
using arch::Cpuid;

struct Rate {
  std::uint64_t hz = 0;
  bool same_everywhere = false;  // the counters of all CPUs run alike, whatever their power state
  TickScale to_time;
  TickScale from_time;
};

constinit IrqSpinLock lock;
constinit Rate the_rate;
constinit std::atomic<bool> known{false};
constinit std::uint64_t start = 0;

// A machine that has no means to tell time at all gets a guess.
constexpr std::uint64_t kAssumed = 1'000'000'000;

std::uint64_t find_rate() {
  const auto leaf = [](std::uint32_t number) {
    const bool of_hypervisor = number >= 0x4000'0000;
    if (of_hypervisor && !arch::feature::kHypervisor.present()) return Cpuid{};
    return Cpuid::read_checked(number);
  };
  if (const std::uint64_t hz = tsc::rate_from_cpuid(leaf); hz != 0) return hz;
  auto measured = tsc::measure_with_pit(arch::Ports{}, Cpu::cycle_counter);
  if (measured && measured.value() >= tsc::kSlowest && measured.value() <= tsc::kFastest)
    return measured.value();
  return kAssumed;
}

void learn(std::uint64_t hz) {
  the_rate.hz = hz;
  the_rate.same_everywhere = arch::feature::kInvariantTsc.present();
  the_rate.to_time = TickScale::between(hz, kNanosecondsPerSecond);
  the_rate.from_time = TickScale::between(kNanosecondsPerSecond, hz);
  known.store(true, std::memory_order_release);
}

const Rate& rate() {
  if (!known.load(std::memory_order_acquire)) [[unlikely]] {
    const Guard guard{lock};
    if (!known.load(std::memory_order_relaxed)) learn(find_rate());
  }
  return the_rate;
}

}  // namespace

Result<void> tsc_init() {
  start = Cpu::cycle_counter();
  return {};
}

namespace tsc {

Nanoseconds now() {
  const Rate& current = rate();
  const std::uint64_t reading = Cpu::cycle_counter();
  // Another CPU's counter may lag a little behind the boot CPU's.
  const Nanoseconds time{reading > start ? current.to_time.apply(reading - start) : 0};
  return current.same_everywhere ? time : timekeeping::never_back(time);
}

std::uint64_t frequency() { return rate().hz; }

std::uint64_t reading_after(Nanoseconds time) {
  constexpr Nanoseconds kFurthest = 3600_s;
  const Rate& current = rate();
  return Cpu::cycle_counter() +
         current.from_time.apply_up(time < kFurthest ? time.count : kFurthest.count);
}

void set_frequency(std::uint64_t hz) {
  const Guard guard{lock};
  if (hz >= kSlowest && hz <= kFastest && !known.load(std::memory_order_relaxed)) learn(hz);
}

}  // namespace tsc
}  // namespace atl
