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

PhysRange registers(const device_tree::Tree& tree, std::string_view identity) {
  const auto node = tree.next_compatible(identity);
  if (!node) return {};
  const auto range = node->reg(0);
  return range.ok() ? range.value() : PhysRange{};
}

}  // namespace

// Xen's trees name no console; the one UART that it emulates is the generic one.
PhysRange boot_arm64::default_uart(const device_tree::Tree* tree) {
  return tree == nullptr ? PhysRange{} : registers(*tree, "arm,sbsa-uart");
}

const char* boot_arm64::prepare(const device_tree::BootScan& scan, BootInfo& info) {
  if (!scan.on_xen) return "this image is for Xen, and does not run on it";
  xen::claim_pages(info, registers(*scan.tree, "xen,xen"));
  return nullptr;
}

void boot_arm64::write_without_uart(std::string_view text) {
  const PhysAddr page{xen::parameter(HVM_PARAM_CONSOLE_PFN).value_or(0) << kPageShift};
  if (page == PhysAddr{} || !reach(page, kPageSize, arch::Memory::kNormal)) return;
  auto& ring = *VirtAddr{page.value()}.as<xencons_interface>();
  xen::ByteProducer output{{ring.out, &ring.out_cons, &ring.out_prod}};
  (void)output.put(text);
}

// Firmware would call it a power-off.
void boot_arm64::stop_failed(arch::Conduit) { xen::end_domain(SHUTDOWN_crash); }

void boot_arm64::start(VirtAddr uart) {
  if (uart != VirtAddr{}) console_pl011::attach_generic(uart);
  console_xen::attach();
  boot();
}

}  // namespace atl
