// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/device_tree_node.hpp>
#include <cstdint>

namespace atl::pci {

/// The interrupt behind pin `pin` of device `device` on the first bus of the host bridge
/// `node`, by its `interrupt-map` (Devicetree Specification v0.4 §2.4.3). kNotSupported:
/// the map has no entry for it. kBadMessage: the map makes no sense.
Result<device_tree::Interrupt> mapped_interrupt(const device_tree::Tree& tree,
                                                const device_tree::Node& node, std::uint8_t device,
                                                std::uint8_t pin);

}  // namespace atl::pci
