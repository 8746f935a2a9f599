// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/irq.hpp>
#include <atoll/result.hpp>
#include <atoll/types.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

/// Virtio devices on MMIO (virtio 1.2 §4.2): for whatever knows where some are. Boot steps,
/// one after the other.
namespace atl::virtio_mmio {

/// A device that is there, its registers mapped for as long as the image lives.
struct Found {
  PhysAddr place;
  VirtAddr registers;
  std::uint64_t size = 0;  ///< bytes of its registers
  std::uint32_t type = 0;  ///< of device (§5)
};

/// The interrupt of one device, which no other device shares.
struct Line {
  irq::Domain& domain;
  std::uint32_t number;
  irq::Trigger trigger;
};

/// Looks at registers that are said to lie at `registers`; `name` is for the log. None where
/// there is no device (§4.2.2, DeviceID 0), or one that was found before; none, and a line
/// in the log, where there is something else, a legacy device, or no memory to map it.
///
/// Those that lie side by side are best looked at one after the other: they share a mapping,
/// and a page without a device is given back.
std::optional<Found> find(PhysRange registers, std::string_view name);

/// Notes the device that find() found. `name` lives as long as the image. What goes wrong is said
/// in the log.
void add(const Found& found, const Line& line, std::string_view name);

/// Gives those that have been noted to their drivers, the one at the lowest address first: QEMU
/// tells of them from the highest on.
void attach();

}  // namespace atl::virtio_mmio
