// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "ranges.hpp"

namespace atl::pci {
namespace {

// The space code of a first cell.
constexpr unsigned kSpaceShift = 24;
constexpr std::uint32_t kSpaceMask = 3, kMemory32 = 2, kMemory64 = 3;
constexpr std::uint64_t kLowEnd = std::uint64_t{1} << 32;

Result<std::uint64_t> cells_at(const device_tree::Property& list, std::size_t index,
                               std::uint32_t count) {
  std::uint64_t value = 0;
  for (std::uint32_t i = 0; i < count; ++i) value = value << 32 | TRY(list.cell(index + i));
  return value;
}

bool is_window(PhysRange range) {
  return range.size != 0 && range.end() > range.start && range.start.value() != 0;
}

}  // namespace

Result<Windows> windows_of(const device_tree::Node& node) {
  constexpr std::uint32_t kAddress = 3, kSize = 2;
  if (TRY(node.u32("#address-cells")) != kAddress || TRY(node.u32("#size-cells")) != kSize)
    return fail(Errc::kBadMessage);
  const std::uint32_t outer = TRY(node.parent().u32("#address-cells"));
  const auto list = node.property("ranges");
  const std::size_t entry = kAddress + std::size_t{outer} + kSize;
  if (outer == 0 || outer > 2 || list.value.size() % (entry * 4) != 0)
    return fail(Errc::kBadMessage);

  Windows found;
  for (std::size_t at = 0; at < list.value.size() / 4; at += entry) {
    const std::uint32_t space = TRY(list.cell(at)) >> kSpaceShift & kSpaceMask;
    const std::uint64_t bus = TRY(cells_at(list, at + 1, 2));
    const std::uint64_t cpu = TRY(cells_at(list, at + kAddress, outer));
    const PhysRange range{PhysAddr{cpu}, TRY(cells_at(list, at + kAddress + outer, kSize))};
    if ((space != kMemory32 && space != kMemory64) || bus != cpu || !is_window(range)) continue;
    if (range.end().value() <= kLowEnd) {
      if (found.low.empty()) found.low = range;
    } else if (range.start.value() >= kLowEnd && found.high.empty()) {
      found.high = range;
    }
  }
  return found;
}

}  // namespace atl::pci
