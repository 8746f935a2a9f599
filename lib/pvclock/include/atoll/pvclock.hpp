// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/types.hpp>
#include <atomic>
#include <cstdint>

/// The clock that KVM and Xen share with a guest (Linux
/// Documentation/virt/kvm/x86/msr.rst, MSR_KVM_SYSTEM_TIME_NEW; Xen
/// xen/include/public/xen.h, vcpu_time_info). Any context.
namespace atl::pvclock {

/// What the hypervisor writes, for one CPU each.
struct alignas(32) TimeInfo {
  std::uint32_t version;  ///< odd while it is being written
  std::uint32_t padding;
  std::uint64_t counter;      ///< TSC at the moment of `system_time`
  std::uint64_t system_time;  ///< nanoseconds
  std::uint32_t multiplier;   ///< of the shifted TSC, a fraction of 2^32
  std::int8_t shift;          ///< to the left; negative: to the right
  std::uint8_t flags;
  std::uint8_t padding2[2];
};
static_assert(sizeof(TimeInfo) == 32);

/// The bit of `flags` that promises readings which agree on all CPUs.
inline constexpr std::uint8_t kStable = 1;

struct Reading {
  Nanoseconds time;
  bool stable;
};

/// Nanoseconds of `ticks` of the counter.
constexpr std::uint64_t scale(std::uint64_t ticks, std::uint32_t multiplier, std::int8_t shift) {
  __extension__ using Wide = unsigned __int128;
  // What lies outside no hypervisor gives, and shifting by it has no meaning.
  if (shift <= -64 || shift >= 64) return 0;
  const std::uint64_t shifted = shift < 0 ? ticks >> -shift : ticks << shift;
  return static_cast<std::uint64_t>(static_cast<Wide>(shifted) * multiplier >> 32);
}

/// Counts a second of the counter behind `multiplier` and `shift`; 0 where they
/// are none yet.
constexpr std::uint64_t counter_frequency(std::uint32_t multiplier, std::int8_t shift) {
  if (multiplier == 0 || shift <= -32 || shift >= 32) return 0;
  const std::uint64_t hz = (std::uint64_t{1'000'000'000} << 32) / multiplier;
  return shift < 0 ? hz << -shift : hz >> shift;
}

/// Reads the time of `info`, which is this CPU's; `read_counter` reads the TSC.
/// Repeats while the hypervisor writes.
template <typename ReadCounter>
Reading read(const volatile TimeInfo& info, ReadCounter read_counter) {
  for (;;) {
    const std::uint32_t version = info.version;
    std::atomic_thread_fence(std::memory_order_acquire);
    const std::uint64_t reading = read_counter();
    const std::uint64_t counter = info.counter;
    // The counter may have passed its end since: a guest's can begin shortly before 0.
    const std::uint64_t ticks = reading - counter;
    const bool is_ahead = static_cast<std::int64_t>(ticks) > 0;
    const std::uint64_t passed = is_ahead ? scale(ticks, info.multiplier, info.shift) : 0;
    const Reading result{{info.system_time + passed}, (info.flags & kStable) != 0};
    std::atomic_thread_fence(std::memory_order_acquire);
    if ((version & 1) == 0 && info.version == version) return result;
  }
}

/// The moment at which system_time was 0, as the hypervisor writes it.
struct WallClock {
  std::uint32_t version;
  std::uint32_t seconds;  ///< since 1970-01-01
  std::uint32_t nanoseconds;
};

}  // namespace atl::pvclock
