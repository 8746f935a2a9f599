// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/device_tree_node.hpp>
#include <atoll/result.hpp>
#include <span>
#include <string_view>

/// The bus of devices that the device tree describes. The boot step of this
/// library walks the tree once and gives each node in use to the driver that
/// serves it.
namespace atl::device_tree {

using Device = Node;

/// `DRIVERS device_tree "arm,pl011" pl011_probe`: `identity` is one string of a
/// node's `compatible`; a node is served by the driver of its most specific
/// (earliest) string that has one.
///
/// `probe` runs in the boot step, on the boot CPU, interrupts masked; it may
/// allocate and map, not wait. Controllers of interrupts are probed before
/// those that interrupt through them. kTryAgain says that another device must
/// come first: it is called again once others have succeeded. Any other error
/// is logged and leaves the device alone. Only nodes whose status is absent or
/// "okay" are probed.
struct Driver {
  std::string_view identity;
  Result<void> (*probe)(const Device& node);
};

/// In build/<cell>/generated/drivers.cpp.
std::span<const Driver> drivers();

/// The tree of this machine, null when the loader gave none. Valid from the
/// boot step of this library on, for as long as the image lives; read-only,
/// any context.
const Tree* tree();

}  // namespace atl::device_tree
