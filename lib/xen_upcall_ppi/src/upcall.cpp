// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/device_tree.hpp>
#include <atoll/irq_device_tree.hpp>
#include <atoll/xen_upcall.hpp>

namespace atl::xen {

Result<void> connect_upcall(irq::Handler handler) {
  const device_tree::Tree* tree = device_tree::tree();
  if (tree == nullptr) return fail(Errc::kNoDevice);
  const auto node = tree->next_compatible("xen,xen");
  if (!node) return fail(Errc::kNoDevice);
  const irq::TreeLine line = TRY(irq::line_of(*node));
  TRY(irq::root().connect(line.line, line.trigger, handler, nullptr));
  irq::root().unmask(line.line);
  return {};
}

// Without VCPUOP_register_vcpu_info, Xen knows where to mark events of the first CPU
// only (xen/include/public/arch-arm.h, XEN_LEGACY_MAX_VCPUS).
Result<void> open_upcall() { return fail(Errc::kNotSupported); }

}  // namespace atl::xen
