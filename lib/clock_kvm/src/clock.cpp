// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/arch.hpp>
#include <atoll/arch/cpuid.hpp>
#include <atoll/arch/registers.hpp>
#include <atoll/boot_info.hpp>
#include <atoll/clock.hpp>
#include <atoll/clock_provider.hpp>
#include <atoll/pvclock.hpp>
#include <atoll/rtc_cmos.hpp>
#include <atoll/timekeeping.hpp>
#include <atoll/tsc.hpp>

namespace atl {
namespace {

using arch::Cpu;
using arch::Cpuid;

// What KVM writes to. A boundary of 32 keeps each within a page.
constinit std::array<pvclock::TimeInfo, kMaxCpus> time_infos{};
constinit pvclock::WallClock wall_clock{};
// Linux Documentation/virt/kvm/x86/msr.rst; 0: not on KVM.
constinit std::uint32_t time_msr = 0;
constinit std::uint32_t wall_msr = 0;

PhysAddr physical(const volatile void* in_image) {
  return physical_in_image(VirtAddr::of(in_image));
}

// Linux Documentation/virt/kvm/x86/cpuid.rst.
void find_msrs() {
  if (!arch::feature::kHypervisor.present()) return;
  const Cpuid name = Cpuid::read(0x4000'0000);
  // "KVMKVMKVM" and three zeros.
  if (name.ebx != 0x4b4d564b || name.ecx != 0x564b4d56 || name.edx != 0x4d) return;
  const std::uint32_t features = Cpuid::read(0x4000'0001).eax;
  constexpr std::uint32_t kOldClock = 1u << 0, kClock = 1u << 3;
  if ((features & kClock) != 0) {
    time_msr = 0x4b56'4d01;
    wall_msr = 0x4b56'4d00;
  } else if ((features & kOldClock) != 0) {
    time_msr = 0x12;
    wall_msr = 0x11;
  }
}

pvclock::Reading read_shared_clock() {
  for (;;) {
    const std::uint32_t cpu = Cpu::cpu_local().index;
    const pvclock::Reading reading = pvclock::read(time_infos[cpu], Cpu::cycle_counter);
    // The thread may have moved between the question and the answer.
    if (Cpu::cpu_local().index == cpu) return reading;
  }
}

}  // namespace

Result<void> clock_kvm_init_cpu() {
  constexpr std::uint64_t kOn = 1;
  if (time_msr != 0)
    arch::write_msr(time_msr, physical(&time_infos[Cpu::cpu_local().index]).value() | kOn);
  return {};
}

Result<void> clock_kvm_init() {
  find_msrs();
  TRY(clock_kvm_init_cpu());
  if (time_msr != 0) {
    const volatile pvclock::TimeInfo& info = time_infos[Cpu::cpu_local().index];
    tsc::set_frequency(pvclock::counter_frequency(info.multiplier, info.shift));
  }
  return {};
}

namespace clock {

Nanoseconds now() {
  if (time_msr == 0) return tsc::now();
  const pvclock::Reading reading = read_shared_clock();
  return reading.stable ? reading.time : timekeeping::never_back(reading.time);
}

Result<Nanoseconds> read_wall_clock() {
  if (wall_msr == 0) return rtc_cmos::read();
  arch::write_msr(wall_msr, physical(&wall_clock).value());
  const volatile pvclock::WallClock& written = wall_clock;
  const Nanoseconds start{written.seconds * 1'000'000'000ull + written.nanoseconds};
  return start + now();
}

Nanoseconds tick() { return {1}; }

}  // namespace clock
}  // namespace atl
