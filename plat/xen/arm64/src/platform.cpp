// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/boot.hpp>
#include <atoll/boot_arm64/platform.hpp>
#include <atoll/console_pl011.hpp>
#include <atoll/console_xen.hpp>
#include <atoll/xen/abi.hpp>
#include <atoll/xen/byte_ring.hpp>
#include <atoll/xen/hypercall.hpp>
#include <atoll/xen/pages.hpp>

namespace atl {

namespace {

// As much as Xen lets a grant table grow by default, and one more.
constexpr std::uint64_t kRoom = 65 * kPageSize;

constinit bool on_xen = false;

PhysRange registers(const device_tree::Tree& tree, std::string_view identity) {
  const auto node = tree.next_compatible(identity);
  if (!node) return {};
  const auto range = node->reg(0);
  return range.ok() ? range.value() : PhysRange{};
}

}  // namespace

// Xen's trees name no console; the one UART that it emulates is the generic one.
PhysAddr boot_arm64::default_uart(const device_tree::BootScan* scan) {
  return scan == nullptr ? PhysAddr{} : registers(*scan->tree, "arm,sbsa-uart").start;
}

const char* boot_arm64::prepare(const device_tree::BootScan& scan, BootInfo& info) {
  // A domain without services is known by its UART alone (xen/include/public/
  // arch-arm.h, GUEST_PL011_BASE).
  constexpr PhysAddr kGuestUart{0x2200'0000};
  on_xen = scan.on_xen || default_uart(&scan) == kGuestUart;
  if (!on_xen) return "this image is for Xen, and does not run on it";
  PhysRange room = registers(*scan.tree, "xen,xen");
  if (room.size > kRoom) room.size = kRoom;
  if (scan.on_xen) xen::claim_pages(info, room);
  return nullptr;
}

void boot_arm64::write_without_uart(const char* text) {
  const PhysAddr page{xen::parameter(HVM_PARAM_CONSOLE_PFN).value_or(0) << kPageShift};
  if (page == PhysAddr{} || !reach(page, kPageSize, arch::Memory::kNormal)) return;
  auto& ring = *VirtAddr{page.value()}.as<xencons_interface>();
  xen::ByteProducer output{{ring.out, &ring.out_cons, &ring.out_prod}};
  (void)output.put(text);
}

// For firmware, Xen's included, there is nothing but a power-off.
void boot_arm64::stop_failed(arch::Conduit conduit) {
  constexpr std::uint32_t kPsciSystemOff = 0x8400'0008;  // Arm DEN 0022, §5.10
  if (on_xen) xen::end_domain(SHUTDOWN_crash);
  arch::firmware_call(conduit, kPsciSystemOff);
}

void boot_arm64::start(VirtAddr uart) {
  if (uart != VirtAddr{}) console_pl011::attach_generic(uart);
  // What goes to that UART may be shown on Xen's own console too.
  if (!console_xen::attach_ring() && uart == VirtAddr{}) console_xen::attach_hypervisor();
  boot();
}

}  // namespace atl
