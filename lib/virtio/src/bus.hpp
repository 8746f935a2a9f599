// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/virtio.hpp>

namespace atl::virtio {

/// The one of `drivers` for devices of that type; null where there is none.
const Driver* driver_of(std::uint32_t type, std::span<const Driver> drivers);

/// Gives `device` to it, and logs what it makes of it.
void attach_to(Device& device, std::span<const Driver> drivers);

}  // namespace atl::virtio
