// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "interrupt_map.hpp"

namespace atl::pci {
namespace {

using device_tree::Interrupt;
using device_tree::Node;

// A unit: three cells of address, one of the pin (IEEE Std 1275 PCI Bus Binding 2.1
// §2.2.1.1, §6).
constexpr std::size_t kUnitCells = 4;
using Unit = std::array<std::uint32_t, kUnitCells>;

// Cells of a property that every controller has to have; absent as `otherwise` says.
Result<std::uint32_t> count_of(const Node& node, const char* name, std::uint32_t otherwise) {
  constexpr std::uint32_t kMost = 4;
  std::uint32_t count = otherwise;
  if (const auto property = node.property(name)) count = TRY(property.u32());
  if (count > kMost) return fail(Errc::kBadMessage);
  return count;
}

Result<std::uint32_t> cell(const device_tree::Property& list, std::size_t index) {
  const auto found = list.cell(index);
  if (!found.ok()) return fail(Errc::kBadMessage);
  return found.value();
}

Result<bool> matches(const device_tree::Property& map, std::size_t at, const Unit& unit,
                     const Unit& mask) {
  bool equal = true;
  for (std::size_t i = 0; i < kUnitCells; ++i)
    equal = (TRY(cell(map, at + i)) & mask[i]) == (unit[i] & mask[i]) && equal;
  return equal;
}

}  // namespace

Result<Interrupt> mapped_interrupt(const device_tree::Tree& tree, const Node& node,
                                   std::uint8_t device, std::uint8_t pin) {
  constexpr unsigned kDeviceShift = 11;
  const auto map = node.property("interrupt-map");
  if (!map) return fail(Errc::kNotSupported);
  if (TRY(count_of(node, "#address-cells", 0)) != kUnitCells - 1 ||
      TRY(count_of(node, "#interrupt-cells", 0)) != 1)
    return fail(Errc::kBadMessage);
  const Unit unit{std::uint32_t{device} << kDeviceShift, 0, 0, pin};
  Unit mask{~0u, ~0u, ~0u, ~0u};
  if (const auto given = node.property("interrupt-map-mask")) {
    for (std::size_t i = 0; i < kUnitCells; ++i) mask[i] = TRY(cell(given, i));
  }

  const std::size_t cells = map.value.size() / 4;
  for (std::size_t at = 0; at < cells;) {
    const bool found = TRY(matches(map, at, unit, mask));
    auto controller = tree.by_phandle(TRY(cell(map, at + kUnitCells)));
    if (!controller) return fail(Errc::kBadMessage);
    const std::uint32_t address = TRY(count_of(*controller, "#address-cells", 0));
    const std::uint32_t count = TRY(count_of(*controller, "#interrupt-cells", 0));
    at += kUnitCells + 1 + address;
    if (found) {
      Interrupt interrupt{.controller = *controller, .cells = {}, .count = count};
      for (std::size_t i = 0; i < count; ++i) interrupt.cells[i] = TRY(cell(map, at + i));
      return interrupt;
    }
    at += count;
  }
  return fail(Errc::kNotSupported);
}

}  // namespace atl::pci
