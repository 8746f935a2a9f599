// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

/// What the CPU and its hypervisor say about themselves (Intel SDM 2A, CPUID).
/// Any context. Under a hypervisor each call leaves the guest: ask once.
namespace atl::arch {

struct Cpuid {
  std::uint32_t eax, ebx, ecx, edx;

  /// `leaf` as it is: of a leaf above the highest one the answer means nothing.
  static Cpuid read(std::uint32_t leaf, std::uint32_t subleaf = 0) {
    Cpuid out;
    asm volatile("cpuid"
                 : "=a"(out.eax), "=b"(out.ebx), "=c"(out.ecx), "=d"(out.edx)
                 : "a"(leaf), "c"(subleaf));
    return out;
  }
  /// `leaf`, or zeros where the CPU has no such leaf in its range (basic from
  /// 0, hypervisor from 4000_0000H, extended from 8000_0000H).
  static Cpuid read_checked(std::uint32_t leaf, std::uint32_t subleaf = 0) {
    const std::uint32_t range = leaf & 0xc000'0000;
    const std::uint32_t highest = read(range).eax;
    if (highest < leaf || (highest & 0xc000'0000) != range) return {};
    return read(leaf, subleaf);
  }
};

/// A feature as "bit n of register r of leaf l".
struct CpuFeature {
  std::uint32_t leaf;
  std::uint32_t Cpuid::*output;
  unsigned bit;

  [[nodiscard]] bool present() const {
    return ((Cpuid::read_checked(leaf).*output >> bit) & 1) != 0;
  }
  /// The same for an answer at hand.
  [[nodiscard]] constexpr bool in(const Cpuid& answer) const {
    return ((answer.*output >> bit) & 1) != 0;
  }
};

namespace feature {
inline constexpr CpuFeature kXsave{1, &Cpuid::ecx, 26};
inline constexpr CpuFeature kRdrand{1, &Cpuid::ecx, 30};
inline constexpr CpuFeature kHypervisor{1, &Cpuid::ecx, 31};
inline constexpr CpuFeature kX2apic{1, &Cpuid::ecx, 21};
inline constexpr CpuFeature kTscDeadline{1, &Cpuid::ecx, 24};
inline constexpr CpuFeature kFsGsBase{7, &Cpuid::ebx, 0};
inline constexpr CpuFeature kSmep{7, &Cpuid::ebx, 7};
inline constexpr CpuFeature kRdseed{7, &Cpuid::ebx, 18};
inline constexpr CpuFeature kSmap{7, &Cpuid::ebx, 20};
inline constexpr CpuFeature kUmip{7, &Cpuid::ecx, 2};
inline constexpr CpuFeature kBranchTracking{7, &Cpuid::edx, 20};
inline constexpr CpuFeature kNoExecute{0x8000'0001, &Cpuid::edx, 20};
inline constexpr CpuFeature kGibibytePages{0x8000'0001, &Cpuid::edx, 26};
inline constexpr CpuFeature kInvariantTsc{0x8000'0007, &Cpuid::edx, 8};
}  // namespace feature

}  // namespace atl::arch
