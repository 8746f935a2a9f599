// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/device_tree.hpp>
#include <atoll/vm.hpp>

#include "frame.hpp"

namespace atl {
namespace {

constinit irq::Frame frame;

}  // namespace

// Binding arm,gic.yaml, v2m@.
Result<void> irq_messages_gicv2m_probe(const device_tree::Device& node) {
  if (frame.present()) return {};
  const PhysRange registers = TRY(node.reg(0));
  if (registers.size < irq::Frame::kSize) return fail(Errc::kBadMessage);
  const Mmio io{TRY(vm::map_device({registers.start, irq::Frame::kSize}))};
  auto found = irq::Frame::create(io, registers.start);
  vm::release(io.base(), PageCount{1});
  frame = TRY(std::move(found));
  return {};
}

Result<irq::DeviceMessage> irq::connect_message(Handler handler, void* context) {
  return frame.connect(handler, context);
}

}  // namespace atl
