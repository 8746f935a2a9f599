// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/device_tree.hpp>
#include <atoll/irq_device_tree.hpp>
#include <atoll/virtio_mmio.hpp>

namespace atl {

// Devicetree binding virtio/mmio.yaml.
Result<void> virtio_mmio_probe(const device_tree::Device& node) {
  const PhysRange registers = TRY(node.reg(0));
  const auto found = virtio_mmio::find(registers, node.name());
  if (!found) return {};
  const irq::TreeLine line = TRY(irq::line_of(node));
  virtio_mmio::add(*found, {irq::root(), line.line, line.trigger}, node.name());
  virtio_mmio::attach();
  return {};
}

}  // namespace atl
