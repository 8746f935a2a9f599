// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstddef>
#include <cstdint>

/// Entropy from virtio devices, for `random`.
namespace atl::random_virtio {

/// What was found and given since boot. Any context.
struct Statistics {
  std::size_t devices = 0;
  std::uint64_t bytes = 0;    ///< that they gave
  std::uint64_t counted = 0;  ///< bits of them that count as entropy
};
Statistics statistics();

}  // namespace atl::random_virtio
