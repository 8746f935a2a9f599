// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <atoll/packet_network.hpp>

#include "interface_port.hpp"
#include "reader.hpp"

namespace atl {

PacketNetwork::~PacketNetwork() {
  // Ports close their interfaces; whatever elements hold goes back before the pool ends.
  for (Node& node : nodes()) node.element.reset();
  batch_.clear();
  if (!pool_) return;
  const BufferPool::Statistics buffers = pool_->statistics();
  // A device that did not stop keeps what it has.
  if (buffers.free < buffers.buffers) static_cast<void>(pool_.release());
}

Result<void> PacketNetwork::read(std::string_view source, std::string_view text) {
  mistake_ = {};
  return packet_elements::Reader{*this, source, text}.run();
}

PacketNetwork::Node* PacketNetwork::add(Node node) {
  if (node_count_ == nodes_.size()) return nullptr;
  return &(nodes_[node_count_++] = std::move(node));
}

PacketNetwork::Node* PacketNetwork::find(std::string_view name) {
  for (Node& node : nodes()) {
    if (node.named && node.name == name) return &node;
  }
  return nullptr;
}

Result<PacketNetwork::Node*> PacketNetwork::interface(std::string_view name, Netdev& device) {
  if (port_count_ == ports_.size()) return nullptr;
  InterfacePort* const port =
      TRY(make_in<InterfacePort>(default_allocator(), device, std::uint32_t{1} << port_count_));
  Node node;
  node.name = name;
  node.named = true;
  node.element.reset(port);
  Node* const added = add(std::move(node));
  if (added != nullptr) ports_[port_count_++] = port;
  return added;
}

Error PacketNetwork::refuse_with(const Node& at, std::string_view pattern,
                                 std::span<const FormatArgument> arguments) {
  mistake_.source = at.source;
  mistake_.line = at.line;
  mistake_.column = at.column;
  TextWriter writer{mistake_.text};
  format(writer, pattern, arguments);
  return fail(Errc::kInvalidArgument);
}

Result<void> PacketNetwork::check(Node& node) {
  if (node.element->interface_info() != nullptr) return {};
  const Element::Shape shape = node.element->shape();
  if (shape.inputs > 0 && node.fed == 0) {
    return refuse(node,
                  "nothing leads to `{}`: a chain begins with an interface, as in `net0 -> {}`",
                  node.name, node.name);
  }
  for (std::uint16_t output = 0; output < shape.outputs; ++output) {
    if (node.element->behind(output) != nullptr) continue;
    if (shape.outputs == 1) {
      return refuse(node, "`{}` leads nowhere: let an arrow lead from it, if only to `drop`",
                    node.name);
    }
    return refuse(node,
                  "output {} of `{}` leads nowhere: `{}.{} ->` begins a chain from there, if "
                  "only to `drop`",
                  output, node.name, node.name, output);
  }
  return {};
}

Result<void> PacketNetwork::visit(Node& node) {
  if (node.visit == Node::kSeen) {
    return refuse(node, "packets would go round in circles through `{}`", node.name);
  }
  if (node.visit == Node::kDone) return {};
  node.visit = Node::kSeen;
  const std::uint16_t outputs = node.element->shape().outputs;
  for (std::uint16_t output = 0; output < outputs; ++output) {
    Element* const behind = node.element->behind(output);
    if (behind == nullptr) continue;
    if (behind->interface_info() != nullptr) {
      node.reach |= static_cast<InterfacePort*>(behind)->bit();
      continue;
    }
    for (Node& next : nodes()) {
      if (next.element.get() != behind) continue;
      TRY(visit(next));
      node.reach |= next.reach;
    }
  }
  node.visit = Node::kDone;
  return {};
}

Result<void> PacketNetwork::start(const Sizes& sizes) {
  for (Node& node : nodes()) {
    TRY(check(node));
    TRY(visit(node));
  }
  for (InterfacePort* const port : ports()) {
    for (const Node& node : nodes()) {
      if (node.element.get() == port) port->set_reach(node.reach);
    }
  }
  if (sizes.batch > 0) most_at_once_ = std::min(sizes.batch, PacketBatch::kMost);
  TRY(open(sizes));
  for (Node& node : nodes()) {
    const auto started = node.element->start();
    if (started.ok()) continue;
    if (started.error() != Errc::kInvalidArgument) return started;
    return refuse(node, "`{}` cannot work with what it leads to", node.name);
  }
  return {};
}

Result<void> PacketNetwork::open(const Sizes& sizes) {
  std::uint32_t bytes = 2048;
  for (const InterfacePort* const port : ports()) {
    bytes = std::max(bytes, port->device().info().buffer_bytes);
  }
  std::uint32_t buffers = sizes.buffers;
  if (buffers == 0) buffers = 3 * static_cast<std::uint32_t>(sizes.depth * port_count_);
  if (buffers == 0) return fail(Errc::kNoDevice);
  pool_ = TRY(BufferPool::create({.buffers = buffers, .bytes = bytes}));
  bool opened = false;
  for (InterfacePort* const port : ports()) {
    if (port->open({.pool = pool_.get(), .depth = sizes.depth, .event = {on_event, this}}).ok()) {
      opened = true;
    }
  }
  if (!opened) return fail(Errc::kNoDevice);
  return {};
}

void PacketNetwork::on_event(void* network, std::uint16_t queue) {
  auto& self = *static_cast<PacketNetwork*>(network);
  if (queue == Netdev::kNoQueue) self.state_changed_.store(true, std::memory_order_relaxed);
  if (self.hooks_.wake != nullptr) self.hooks_.wake();
}

void PacketNetwork::look_after_interfaces() {
  state_changed_.store(false, std::memory_order_relaxed);
  for (InterfacePort* const port : ports()) port->look_after();
}

std::size_t PacketNetwork::poll() {
  if (state_changed_.load(std::memory_order_relaxed)) look_after_interfaces();
  std::size_t moved = 0;
  for (InterfacePort* const port : ports()) {
    std::uint32_t blocked = 0;
    for (InterfacePort* const other : ports()) {
      if (other->flush()) blocked |= other->bit();
    }
    moved += port->forward(batch_, most_at_once_, blocked);
  }
  return moved;
}

bool PacketNetwork::arm() {
  for (InterfacePort* const port : ports()) {
    if (!port->arm()) return false;
  }
  return !state_changed_.load(std::memory_order_relaxed);
}

bool PacketNetwork::works() const {
  for (const InterfacePort* const port : ports()) {
    if (!port->gone()) return true;
  }
  return false;
}

void PacketNetwork::report(Report& into) const {
  for (const Node& node : std::span{nodes_.data(), node_count_}) {
    into.begin(node.name, node.named ? 0 : node.line);
    node.element->report(into);
  }
}

}  // namespace atl
