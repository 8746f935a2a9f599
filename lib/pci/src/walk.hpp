// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/pci.hpp>
#include <span>

namespace atl::pci {

/// Gives every function behind `host` that one of `table` serves to its driver, pins
/// disabled. Bridges are followed to buses of higher numbers only, each once.
void probe_all(const Host& host, std::span<const Driver> table);

}  // namespace atl::pci
