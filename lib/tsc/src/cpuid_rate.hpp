// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

namespace atl::tsc {

// Beyond these an answer is nonsense, and arithmetic with it could overflow.
inline constexpr std::uint64_t kSlowest = 1'000'000, kFastest = 100'000'000'000;

/// Counts a second as CPUID tells, 0 where it does not. `read(leaf)` gives zeros
/// for a leaf that the CPU or the hypervisor lacks.
template <typename Read>
constexpr std::uint64_t rate_from_cpuid(Read read) {
  const auto plausible = [](std::uint64_t hz) {
    return hz >= kSlowest && hz <= kFastest ? hz : std::uint64_t{0};
  };
  // The timing leaf that hypervisors share (Linux Documentation/virt/kvm/x86/
  // cpuid.rst and VMware's description): kHz, of this very guest.
  if (const auto hypervisor = read(0x4000'0010); plausible(hypervisor.eax * 1000ull) != 0)
    return hypervisor.eax * 1000ull;
  // Intel SDM 2A, CPUID leaf 15H: the counter runs at ECX * EBX / EAX.
  const auto ratio = read(0x15);
  if (ratio.eax != 0 && ratio.ebx != 0 && ratio.ecx != 0) {
    // 64 bits: two factors of 32.
    if (const std::uint64_t hz = std::uint64_t{ratio.ecx} * ratio.ebx / ratio.eax;
        plausible(hz) != 0)
      return hz;
  }
  // Leaf 16H: the nominal frequency, at which the counter runs where leaf 15H
  // gives a ratio without the crystal's frequency.
  if (ratio.eax == 0 || ratio.ebx == 0) return 0;
  return plausible((read(0x16).eax & 0xffff) * 1'000'000ull);
}

}  // namespace atl::tsc
