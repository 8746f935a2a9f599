// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <atoll/types.hpp>
#include <cstdint>
#include <string_view>

namespace atl::virtio_mmio {

/// What `virtio_mmio.device=` says of one device.
struct Place {
  PhysRange registers;
  std::uint32_t line = 0;
};

/// Reads `<size>@<base>:<line>[:<id>]` (Linux Documentation/admin-guide/kernel-parameters,
/// virtio_mmio.device): numbers in decimal, or hexadecimal after 0x; size and base may end in
/// K, M or G; the identifier, Linux's own, must be a number. kInvalidArgument; kOutOfRange.
Result<Place> parse_place(std::string_view text);

}  // namespace atl::virtio_mmio
