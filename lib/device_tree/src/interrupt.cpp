// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/device_tree_node.hpp>

#include "bytes.hpp"

namespace atl::device_tree {

using namespace std::string_view_literals;
namespace {

/// Reads the specifier of `controller` at the front of `cells`. kNoEntry when
/// there are too few of them.
Result<Interrupt> read_specifier(Node controller, std::span<const std::byte> cells) {
  const auto count = controller.u32("#interrupt-cells"sv);
  Interrupt interrupt{.controller = controller, .cells = {}, .count = 0};
  if (!count.ok() || count.value() == 0 || count.value() > interrupt.cells.size()) {
    return fail(Errc::kBadMessage);
  }
  interrupt.count = count.value();
  if (cells.size() < interrupt.count * 4) return fail(Errc::kBadMessage);
  for (std::size_t i = 0; i < interrupt.count; ++i) {
    interrupt.cells[i] = load_cell(cells.data() + i * 4);
  }
  return interrupt;
}

}  // namespace

std::optional<Node> Node::interrupt_parent() const {
  Node at = *this;
  // A chain longer than the tree has a loop in it.
  for (std::uint16_t hops = 0; hops < tree_->node_count(); ++hops) {
    const auto handle = at.property("interrupt-parent"sv);
    if (handle) {
      const auto phandle = handle->u32();
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
  if (const auto extended = property("interrupts-extended"sv)) {
    std::span<const std::byte> cells = extended->value;
    while (cells.size() >= 4) {
      const auto controller = tree_->by_phandle(load_cell(cells.data()));
      if (!controller) return fail(Errc::kBadMessage);
      cells = cells.subspan(4);
      const auto interrupt = read_specifier(*controller, cells);
      if (!interrupt.ok()) return fail(interrupt.error());
      if (index-- == 0) return interrupt.value();
      cells = cells.subspan(interrupt.value().count * 4);
    }
    return fail(cells.empty() ? Errc::kNoEntry : Errc::kBadMessage);
  }

  const auto plain = property("interrupts"sv);
  if (!plain) return fail(Errc::kNoEntry);
  const auto controller = interrupt_parent();
  if (!controller) return fail(Errc::kBadMessage);
  const auto count = controller->u32("#interrupt-cells"sv);
  if (!count.ok() || count.value() == 0 || plain->value.size() % (count.value() * 4ULL) != 0) {
    return fail(Errc::kBadMessage);
  }
  const std::size_t entry = count.value() * std::size_t{4};
  if (index >= plain->value.size() / entry) return fail(Errc::kNoEntry);
  return read_specifier(*controller, plain->value.subspan(index * entry));
}

}  // namespace atl::device_tree
