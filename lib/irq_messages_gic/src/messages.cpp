// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/device_tree.hpp>
#include <atoll/vm.hpp>

#include "frame.hpp"
#include "its.hpp"

namespace atl {
namespace {

constinit irq::Frame frame;
constinit irq::Its<Mmio> service;
// Their phandles: each serves the devices that are said to be its own.
constinit std::uint32_t frame_handle = 0, service_handle = 0;

bool serves(std::uint32_t handle, irq::MessageSource source) {
  return source.controller == 0 || source.controller == handle;
}

}  // namespace

// Binding arm,gic.yaml, v2m@.
Result<void> irq_messages_gic_probe_frame(const device_tree::Device& node) {
  if (frame.present()) return {};
  const PhysRange registers = TRY(node.reg(0));
  if (registers.size < irq::Frame::kSize) return fail(Errc::kBadMessage);
  const Mmio io{TRY(vm::map_device({registers.start, irq::Frame::kSize}))};
  auto found = irq::Frame::create(io, registers.start);
  vm::release(io.base(), PageCount{1});
  frame = TRY(std::move(found));
  frame_handle = node.phandle();
  return {};
}

// Binding arm,gic-v3.yaml, msi-controller@.
Result<void> irq_messages_gic_probe_its(const device_tree::Device& node) {
  if (service.present()) return {};
  const PhysRange registers = TRY(node.reg(0));
  if (registers.size < irq::its::kSize || registers.start.value() == 0)
    return fail(Errc::kBadMessage);
  const PhysRange control{registers.start, irq::its::kControlSize};
  service.set(Mmio{TRY(vm::map_device(control))}, registers.start);
  service_handle = node.phandle();
  return {};
}

namespace irq {
namespace {

void raise_by_command(std::uint32_t line) { service.raise(line); }

}  // namespace

Result<DeviceMessage> connect_message(MessageSource source, Handler handler, void* context) {
  if (frame.present() && serves(frame_handle, source)) return frame.connect(handler, context);
  if (!service.present() || !serves(service_handle, source)) return fail(Errc::kNotSupported);
  return service.connect(source.id, handler, context, [] { return lpi::open(raise_by_command); });
}

}  // namespace irq
}  // namespace atl
