// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/device_tree_node.hpp>
#include <atoll/types.hpp>

namespace atl::pci {

/// Where devices of a host bridge may have memory.
struct Windows {
  PhysRange low;   ///< addresses of 32 bits; empty: none
  PhysRange high;  ///< those above
};

/// The first window of each kind that `ranges` of `node` has with one address for CPU and
/// bus (IEEE Std 1275 PCI Bus Binding 2.1 §2.2.1.1, Devicetree Specification v0.4
/// §2.3.8). kBadMessage: cells that are not those of a PCI bus, or do not fit.
Result<Windows> windows_of(const device_tree::Node& node);

}  // namespace atl::pci
