// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/device_tree_node.hpp>

#include "bytes.hpp"

namespace atl::device_tree {

using namespace std::string_view_literals;
std::optional<Node> Node::interrupt_parent() const {
  Node at = *this;
  // A chain longer than the tree has a loop in it.
  for (std::uint16_t hops = 0; hops < tree_->node_count(); ++hops) {
    const auto handle = at.property("interrupt-parent"sv);
    if (handle) {
      const auto phandle = handle.u32();
      if (!phandle.ok()) return std::nullopt;
      const auto named = tree_->by_phandle(phandle.value());
      if (!named) return std::nullopt;
      at = *named;
    } else if (at.is_root()) {
      return std::nullopt;
    } else {
      at = at.parent();
    }
    if (at.property("#interrupt-cells"sv)) return at;
  }
  return std::nullopt;
}

Result<Interrupt> Node::interrupt(std::size_t index) const {
  const auto extended = property("interrupts-extended"sv);
  const auto list = extended ? extended : property("interrupts"sv);
  if (!list) return fail(Errc::kNoEntry);
  std::optional<Node> controller;
  if (!extended) controller = interrupt_parent();

  std::span<const std::byte> cells = list.value;
  while (!cells.empty()) {
    if (extended) {
      if (cells.size() < 4) return fail(Errc::kBadMessage);
      controller = tree_->by_phandle(load_cell(cells.data()));
      cells = cells.subspan(4);
    }
    if (!controller) return fail(Errc::kBadMessage);
    const auto count = controller->u32("#interrupt-cells"sv);
    Interrupt found{.controller = *controller, .cells = {}, .count = 0};
    if (!count.ok() || count.value() == 0 || count.value() > found.cells.size()) {
      return fail(Errc::kBadMessage);
    }
    found.count = count.value();
    if (cells.size() < found.count * 4) return fail(Errc::kBadMessage);
    if (index-- == 0) {
      for (std::size_t i = 0; i < found.count; ++i) {
        found.cells[i] = load_cell(cells.data() + i * 4);
      }
      return found;
    }
    cells = cells.subspan(found.count * 4);
  }
  return fail(Errc::kNoEntry);
}

}  // namespace atl::device_tree
