// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/log.hpp>
#include <atoll/pci_devices.hpp>
#include <optional>

namespace atl {

namespace {

constinit std::array<std::optional<pci::Device>, 8> devices;

}  // namespace

Result<void> pci_devices_probe(const pci::Device& device);
Result<void> pci_devices_probe(const pci::Device& device) {
  for (auto& known : devices) {
    if (known) continue;
    known = device;
    log::info("pci_devices", "{} is {:04x}:{:04x}, class {:06x}", device.name().c_str(),
              device.vendor(), device.device(), device.class_code());
    return {};
  }
  return fail(Errc::kNoSpace);
}

Result<void> pci_devices_refuse(const pci::Device& device);
Result<void> pci_devices_refuse(const pci::Device& /*device*/) { return fail(Errc::kNotSupported); }

const pci::Device* test::probed(std::uint16_t vendor, std::uint16_t device, unsigned index) {
  for (const auto& known : devices) {
    if (known && known->vendor() == vendor && known->device() == device && index-- == 0)
      return &*known;
  }
  return nullptr;
}

}  // namespace atl
