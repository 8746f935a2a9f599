// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch/cpuid.hpp>
#include <atoll/xen/hypercall.hpp>

extern "C" {
// hypercall_x86_64.S reads it.
[[gnu::visibility("hidden")]] constinit bool atoll_xen_uses_vmmcall = false;
}

namespace atl::xen {

namespace {

/// "XenVMMXenVMM" (xen/include/public/arch-x86/cpuid.h).
bool is_signature(const arch::Cpuid& leaf) {
  return leaf.ebx == 0x566e'6558 && leaf.ecx == 0x6558'4d4d && leaf.edx == 0x4d4d'566e;
}

/// The vendors whose virtualisation is AMD's (AMD64 APM vol. 3, CPUID Fn0000_0000).
bool is_amd_like() {
  constexpr std::uint32_t kAuthenticAmd = 0x6874'7541;  // "Auth"
  constexpr std::uint32_t kHygonGenuine = 0x6f67'7948;  // "Hygo"
  const std::uint32_t vendor = arch::Cpuid::read(0).ebx;
  return vendor == kAuthenticAmd || vendor == kHygonGenuine;
}

}  // namespace

bool detect() {
  if (!arch::feature::kHypervisor.present()) return false;
  // Xen's leaves are moved up where it shows Hyper-V's first (the same header).
  for (std::uint32_t leaf = 0x4000'0000; leaf < 0x4001'0000; leaf += 0x100) {
    if (is_signature(arch::Cpuid::read(leaf))) {
      atoll_xen_uses_vmmcall = is_amd_like();
      return true;
    }
  }
  return false;
}

}  // namespace atl::xen
