// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/device_tree_node.hpp>

#include "bytes.hpp"

namespace atl::device_tree {

using namespace std::string_view_literals;
namespace {

// §2.3.5: what a bus without the properties uses.
constexpr std::uint32_t kDefaultAddressCells = 2;
constexpr std::uint32_t kDefaultSizeCells = 1;

/// Takes `count` cells off the front of `cells`.
std::uint64_t take(std::span<const std::byte>& cells, std::uint32_t count) {
  const std::uint64_t value = load_cells(cells.data(), count);
  cells = cells.subspan(count * std::size_t{4});
  return value;
}

/// Where `range` of the child bus lies in the parent bus, by the entries of
/// `ranges`, each child address, parent address, size.
Result<PhysRange> translate(std::span<const std::byte> ranges, PhysRange range,
                            std::uint32_t child_cells, std::uint32_t parent_cells,
                            std::uint32_t size_cells) {
  const std::size_t entry = (child_cells + parent_cells + size_cells) * std::size_t{4};
  if (ranges.size() % entry != 0) return fail(Errc::kBadMessage);
  while (!ranges.empty()) {
    const std::uint64_t child = take(ranges, child_cells);
    const std::uint64_t parent = take(ranges, parent_cells);
    const std::uint64_t size = take(ranges, size_cells);
    const std::uint64_t offset = range.start.value() - child;
    if (range.start.value() < child || offset >= size || range.size > size - offset) continue;
    std::uint64_t start = 0;
    std::uint64_t end = 0;
    if (__builtin_add_overflow(parent, offset, &start) ||
        __builtin_add_overflow(start, range.size, &end)) {
      return fail(Errc::kBadMessage);
    }
    return PhysRange{PhysAddr{start}, range.size};
  }
  return fail(Errc::kNotSupported);
}

}  // namespace

/// A #...-cells property of this node that is used for numbers of at most 64
/// bits.
Result<std::uint32_t> Node::cells_property(std::string_view name, std::uint32_t otherwise) const {
  const auto found = property(name);
  if (!found) return otherwise;
  const std::uint32_t cells = TRY(found->u32());
  if (cells > 2) return fail(Errc::kNotSupported);
  return cells;
}

Result<PhysRange> Node::reg(std::size_t index) const {
  const auto property_found = property("reg"sv);
  if (!property_found || is_root()) return fail(Errc::kNoEntry);

  Node bus = parent();
  std::uint32_t address_cells = TRY(bus.cells_property("#address-cells"sv, kDefaultAddressCells));
  std::uint32_t size_cells = TRY(bus.cells_property("#size-cells"sv, kDefaultSizeCells));
  const std::size_t entry = (address_cells + size_cells) * std::size_t{4};
  std::span<const std::byte> cells = property_found->value;
  if (address_cells == 0) return fail(Errc::kNotSupported);
  if (cells.size() % entry != 0) return fail(Errc::kBadMessage);
  if (index >= cells.size() / entry) return fail(Errc::kNoEntry);
  cells = cells.subspan(index * entry);
  PhysRange range{PhysAddr{take(cells, address_cells)}, 0};
  range.size = take(cells, size_cells);
  if (range.end() < range.start) return fail(Errc::kBadMessage);

  while (!bus.is_root()) {
    const Node outer = bus.parent();
    const auto ranges = bus.property("ranges"sv);
    if (!ranges) return fail(Errc::kNotSupported);
    const std::uint32_t outer_cells =
        TRY(outer.cells_property("#address-cells"sv, kDefaultAddressCells));
    if (!ranges->value.empty()) {
      if (address_cells == 0 || outer_cells == 0) return fail(Errc::kNotSupported);
      const auto moved = translate(ranges->value, range, address_cells, outer_cells, size_cells);
      if (!moved.ok()) return fail(moved.error());
      range = moved.value();
    }
    address_cells = outer_cells;
    size_cells = TRY(outer.cells_property("#size-cells"sv, kDefaultSizeCells));
    bus = outer;
  }
  return range;
}

}  // namespace atl::device_tree
