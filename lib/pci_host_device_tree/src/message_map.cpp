// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "message_map.hpp"

namespace atl::pci {
namespace {

// An entry: the first requester, the controller, its first number for them, how many.
constexpr std::size_t kEntryCells = 4;

}  // namespace

Result<irq::MessageSource> mapped_message(const device_tree::Node& node, std::uint16_t requester) {
  const auto map = node.property("msi-map");
  if (!map) {
    const auto parent = node.property("msi-parent");
    if (!parent) return fail(Errc::kNotSupported);
    const auto controller = parent.cell(0);
    if (!controller.ok()) return fail(Errc::kBadMessage);
    return irq::MessageSource{.id = requester, .controller = controller.value()};
  }
  std::uint32_t mask = ~std::uint32_t{0};
  if (const auto given = node.property("msi-map-mask")) mask = TRY(given.u32());
  if (map.value.size() % (kEntryCells * 4) != 0) return fail(Errc::kBadMessage);
  for (std::size_t at = 0; at < map.value.size() / 4; at += kEntryCells) {
    const std::uint32_t first = TRY(map.cell(at));
    const std::uint32_t controller = TRY(map.cell(at + 1));
    const std::uint32_t base = TRY(map.cell(at + 2));
    const std::uint32_t count = TRY(map.cell(at + 3));
    const std::uint32_t offset = (requester & mask) - first;
    if ((requester & mask) < first || offset >= count) continue;
    return irq::MessageSource{.id = base + offset, .controller = controller};
  }
  return fail(Errc::kNotSupported);
}

}  // namespace atl::pci
