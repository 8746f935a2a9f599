// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "structures.hpp"

namespace atl::virtio_pci {

namespace {

constexpr std::uint8_t kVendorSpecific = 0x09;  // PCI Local Bus Specification 3.0, appendix H

// struct virtio_pci_cap (§4.1.4).
constexpr unsigned kLength = 2;
constexpr unsigned kKind = 3;
constexpr unsigned kBar = 4;
constexpr unsigned kOffset = 8;
constexpr unsigned kBytes = 12;
constexpr unsigned kCapabilityBytes = 16;
constexpr unsigned kMultiplier = 16;  // of the one for notifications (§4.1.4.4)

constexpr std::uint8_t kCommon = 1;
constexpr std::uint8_t kNotify = 2;
constexpr std::uint8_t kConfig = 4;

}  // namespace

Result<Places> find_structures(const pci::Device& device) {
  Places places;
  for (unsigned index = 0;; ++index) {
    const auto found = device.find_capability(kVendorSpecific, index);
    if (!found.ok()) {
      if (found.error() != Errc::kNoEntry) return fail(found.error());
      break;
    }
    const std::uint8_t at = found.value();
    const auto register_at = [at](unsigned offset) {
      return static_cast<std::uint16_t>(at + offset);
    };
    const auto bytes = device.read<std::uint8_t>(register_at(kLength));
    const auto kind = device.read<std::uint8_t>(register_at(kKind));
    const unsigned needed = kind == kNotify ? kMultiplier + 4 : kCapabilityBytes;
    constexpr unsigned kConfigurationSpace = 256;
    if (at + needed > kConfigurationSpace) return fail(Errc::kBadMessage);
    if (kind < kCommon || kind > kConfig || bytes < needed) continue;
    const Place place{device.read<std::uint8_t>(register_at(kBar)),
                      device.read<std::uint32_t>(register_at(kOffset)),
                      device.read<std::uint32_t>(register_at(kBytes))};
    // Values above are reserved (§4.1.4): other ways to lie somewhere, to be passed over.
    constexpr std::uint8_t kBars = 6;
    if (place.bar >= kBars || place.length == 0) continue;
    Place* const places_of[] = {&places.common, &places.notify, &places.interrupt, &places.config};
    Place& known = *places_of[kind - kCommon];
    if (known.length != 0) continue;
    known = place;
    if (kind == kNotify) {
      places.notify_multiplier = device.read<std::uint32_t>(register_at(kMultiplier));
    }
  }
  if (places.common.length == 0 || places.notify.length == 0 || places.interrupt.length == 0) {
    return fail(Errc::kNotSupported);
  }
  if (places.common.length < kCommonBytes || places.notify.length < sizeof(std::uint16_t)) {
    return fail(Errc::kBadMessage);
  }
  return places;
}

Result<std::uint32_t> type_of(const pci::Device& device) {
  constexpr std::uint16_t kFirst = 0x1000;   // transitional devices, up to the first modern one
  constexpr std::uint16_t kModern = 0x1040;  // and the type
  constexpr std::uint16_t kLast = 0x107f;
  const std::uint16_t id = device.device();
  if (id < kFirst || id > kLast) return fail(Errc::kNotSupported);
  // Transitional ones have it in their subsystem (§4.1.2.3).
  return id < kModern ? device.subsystem() : std::uint32_t{id} - kModern;
}

}  // namespace atl::virtio_pci
