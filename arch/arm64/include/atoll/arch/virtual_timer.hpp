// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

namespace atl::arch {

/// The virtual timer of this CPU (Arm ARM D11.2.4), which compares with the
/// counter that Cpu::cycle_counter() reads.
class VirtualTimer {
 public:
  /// Counts a second, as firmware said; 0 where it said nothing.
  static std::uint64_t frequency() {
    std::uint64_t value;
    asm volatile("mrs %0, cntfrq_el0" : "=r"(value));
    return value;
  }
  /// Signals from the moment the counter reaches `count`, until silenced.
  static void fire_at(std::uint64_t count) {
    asm volatile("msr cntv_cval_el0, %0\n\tmsr cntv_ctl_el0, %1\n\tisb" ::"r"(count), "r"(kEnable)
                 : "memory");
  }
  static void silence() {
    asm volatile("msr cntv_ctl_el0, %0\n\tisb" ::"r"(std::uint64_t{0}) : "memory");
  }

 private:
  static constexpr std::uint64_t kEnable = 1;
};

}  // namespace atl::arch
