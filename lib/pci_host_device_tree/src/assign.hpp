// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/pci_host.hpp>

#include "ranges.hpp"

namespace atl::pci {

/// Numbers the buses behind `host` and gives memory of `windows` to its devices, which
/// stay off. What finds no room keeps the address 0 and is said in the log, as is what
/// makes no sense.
void assign(const Host& host, const Windows& windows);

}  // namespace atl::pci
