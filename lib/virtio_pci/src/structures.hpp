// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/pci.hpp>
#include <atoll/result.hpp>
#include <cstdint>

namespace atl::virtio_pci {

/// Where a structure lies in the memory of a device (virtio 1.2 §4.1.4); `length` 0: it has
/// none.
struct Place {
  std::uint8_t bar = 0;
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
};

struct Places {
  Place common;
  Place notify;
  Place interrupt;
  Place config;
  std::uint32_t notify_multiplier = 0;
};

/// What a common configuration has at least (§4.1.4.3).
inline constexpr std::uint32_t kCommonBytes = 56;

/// The structures that the capabilities of `device` name, of each kind the first. kNotSupported
/// where it lacks one that each device has: a legacy device. kBadMessage for what makes no
/// sense.
Result<Places> find_structures(const pci::Device& device);

/// The number of the kind of device (§4.1.2); kNotSupported for what is no virtio device.
Result<std::uint32_t> type_of(const pci::Device& device);

}  // namespace atl::virtio_pci
