// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/pci.hpp>
#include <cstdint>

namespace atl::test {

/// Device number `index` of those of vendor and device that were probed; null behind the
/// last.
const pci::Device* probed(std::uint16_t vendor, std::uint16_t device, unsigned index = 0);

}  // namespace atl::test
