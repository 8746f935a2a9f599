// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "walk.hpp"

#include <array>
#include <atoll/format.hpp>
#include <atoll/log.hpp>

namespace atl::pci {
namespace {

/// Numbers of buses.
class BusSet {
 public:
  void add(std::uint8_t bus) { words_[bus / 64] |= std::uint64_t{1} << bus % 64; }
  [[nodiscard]] bool has(std::uint8_t bus) const { return (words_[bus / 64] >> bus % 64 & 1) != 0; }

 private:
  std::array<std::uint64_t, 4> words_{};
};

void say(Location at, const char* what) {
  log::warning("pci", "{}: {}", LocationText{at}.c_str(), what);
}

void probe(const Device& device, std::span<const Driver> table) {
  if (device.read<std::uint8_t>(registers::kInterruptPin) != 0) device.enable(kPinDisabled);
  std::array<char, 10> room;
  const std::string_view identity =
      TextWriter{room}.hex(device.vendor(), 4).character(':').hex(device.device(), 4).view();
  for (const Driver& driver : table) {
    if (driver.identity != identity) continue;
    if (const auto probed = driver.probe(device); !probed.ok())
      log::error("pci", "{} ({}): {}", device.name().c_str(), identity, probed.error());
    return;
  }
}

void follow(const Host& host, Location at, BusSet& reached) {
  const auto bus = host.config->read<std::uint8_t>(at, registers::kSecondaryBus);
  const auto last = host.config->read<std::uint8_t>(at, registers::kSubordinateBus);
  // A bridge that nobody has numbered leads nowhere.
  if (bus == 0 && last == 0) return;
  if (bus <= at.bus || bus > last || last > host.last_bus || reached.has(bus))
    return say(at, "a bridge to buses that cannot be behind it");
  reached.add(bus);
}

}  // namespace

void probe_all(const Host& host, std::span<const Driver> table) {
  BusSet reached;
  reached.add(host.first_bus);
  for (unsigned number = host.first_bus; number <= host.last_bus; ++number) {
    const auto bus = static_cast<std::uint8_t>(number);
    if (!reached.has(bus)) continue;
    if (const auto opened = host.config->open(bus); !opened.ok()) {
      log::warning("pci", "bus {:x}: {}", bus, opened.error());
      continue;
    }
    for_each_function(*host.config, host.segment, bus, [&](Location at, std::uint8_t type) {
      if (type == kDeviceHeader) return probe(Device{host, at}, table);
      if (type == kBridgeHeader) return follow(host, at, reached);
      if (type != kCardBusHeader) say(at, "a header of no known type");
    });
  }
}

}  // namespace atl::pci
