// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/boot.hpp>
#include <atoll/boot_arm64/platform.hpp>
#include <atoll/console_pl011.hpp>

namespace atl {

// That of QEMU's virt machine (hw/arm/virt.c, base_memmap), or what a guest of Xen may
// have (xen/include/public/arch-arm.h, GUEST_PL011_BASE), to be told that it is one.
PhysAddr boot_arm64::default_uart(const device_tree::BootScan* scan) {
  return PhysAddr{scan != nullptr && scan->on_xen ? 0x2200'0000u : 0x0900'0000u};
}

const char* boot_arm64::prepare(const device_tree::BootScan& scan, BootInfo&) {
  return scan.on_xen ? "this image is for KVM, and runs on Xen" : nullptr;
}

void boot_arm64::write_without_uart(const char*) {}

void boot_arm64::stop_failed(arch::Conduit conduit) {
  constexpr std::uint32_t kPsciSystemOff = 0x8400'0008;  // Arm DEN 0022, §5.10
  arch::firmware_call(conduit, kPsciSystemOff);
}

void boot_arm64::start(VirtAddr uart) {
  if (uart != VirtAddr{}) console_pl011::attach(uart);
  boot();
}

}  // namespace atl
