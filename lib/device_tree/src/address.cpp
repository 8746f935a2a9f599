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

/// Where `range` of the bus `child` lies in the bus `parent`, by the entries of
/// `ranges`, each child address, parent address, size.
Result<PhysRange> translate(std::span<const std::byte> ranges, PhysRange range,
                            const BusCells& child, const BusCells& parent) {
  if (child.address == 0 || parent.address == 0) return fail(Errc::kNotSupported);
  const std::size_t entry = (child.address + parent.address + child.size) * std::size_t{4};
  if (ranges.size() % entry != 0) return fail(Errc::kBadMessage);
  while (!ranges.empty()) {
    const std::uint64_t from = take(ranges, child.address);
    const std::uint64_t to = take(ranges, parent.address);
    const std::uint64_t size = take(ranges, child.size);
    const std::uint64_t offset = range.start.value() - from;
    if (range.start.value() < from || offset >= size || range.size > size - offset) continue;
    std::uint64_t start = 0;
    std::uint64_t end = 0;
    if (__builtin_add_overflow(to, offset, &start) ||
        __builtin_add_overflow(start, range.size, &end)) {
      return fail(Errc::kBadMessage);
    }
    return PhysRange{PhysAddr{start}, range.size};
  }
  return fail(Errc::kNotSupported);
}

}  // namespace

Result<BusCells> Node::bus_cells() const {
  BusCells cells{kDefaultAddressCells, kDefaultSizeCells};
  if (const auto found = property("#address-cells"sv)) cells.address = TRY(found.u32());
  if (const auto found = property("#size-cells"sv)) cells.size = TRY(found.u32());
  if (cells.address > 2 || cells.size > 2) return fail(Errc::kNotSupported);
  return cells;
}

Result<PhysRange> Node::reg(std::size_t index) const {
  const auto list = property("reg"sv);
  if (!list || is_root()) return fail(Errc::kNoEntry);

  Node bus = parent();
  BusCells cells = TRY(bus.bus_cells());
  if (cells.address == 0) return fail(Errc::kNotSupported);
  const std::size_t entry = (cells.address + cells.size) * std::size_t{4};
  std::span<const std::byte> values = list.value;
  if (values.size() % entry != 0) return fail(Errc::kBadMessage);
  if (index >= values.size() / entry) return fail(Errc::kNoEntry);
  values = values.subspan(index * entry);
  PhysRange range{PhysAddr{take(values, cells.address)}, 0};
  range.size = take(values, cells.size);
  if (range.end() < range.start) return fail(Errc::kBadMessage);

  while (!bus.is_root()) {
    const auto ranges = bus.property("ranges"sv);
    if (!ranges) return fail(Errc::kNotSupported);
    bus = bus.parent();
    const BusCells outer = TRY(bus.bus_cells());
    // Empty: one to one (§2.3.8).
    if (!ranges.value.empty()) range = TRY(translate(ranges.value, range, cells, outer));
    cells = outer;
  }
  return range;
}

}  // namespace atl::device_tree
