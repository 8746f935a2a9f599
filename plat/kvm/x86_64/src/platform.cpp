// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch/cpuid.hpp>
#include <atoll/boot.hpp>
#include <atoll/boot_pvh/platform.hpp>

namespace atl {

const char* boot_pvh::recognise() {
  // xen/include/public/arch-x86/cpuid.h: "XenVMMXenVMM". Xen may show itself to be
  // another hypervisor first, and never does to a guest of kind PVH.
  constexpr std::uint32_t kXenSignature = 0x566e'6558;
  const bool on_xen = arch::Cpuid::read(0x4000'0000).ebx == kXenSignature;
  return on_xen ? "this image is for KVM, and runs on Xen" : nullptr;
}

boot_pvh::MemoryMap boot_pvh::other_memory_map() { return nullptr; }

void boot_pvh::prepare(BootInfo&) {}

void boot_pvh::start() { boot(); }

}  // namespace atl
