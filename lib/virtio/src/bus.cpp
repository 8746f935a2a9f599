// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "bus.hpp"

#include <atoll/log.hpp>
#include <atoll/parse.hpp>

namespace atl::virtio {

const Driver* driver_of(std::uint32_t type, std::span<const Driver> drivers) {
  for (const Driver& driver : drivers) {
    const auto number = parse_number(driver.identity);
    if (number.ok() && number.value() == type) return &driver;
  }
  return nullptr;
}

void attach_to(Device& device, std::span<const Driver> drivers) {
  const Driver* const driver = driver_of(device.type(), drivers);
  if (driver == nullptr) {
    log::debug("virtio", "{}: device of type {}, no driver", device.name(), device.type());
    return;
  }
  if (const auto probed = driver->probe(device); !probed.ok()) {
    log::error("virtio", "{}: device of type {}: {}", device.name(), device.type(), probed.error());
  }
}

}  // namespace atl::virtio
