// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/device_tree_node.hpp>
#include <atoll/irq.hpp>
#include <cstddef>

namespace atl::irq {

/// A line of irq::root(), as a node of the device tree names it.
struct TreeLine {
  std::uint32_t line;
  Trigger trigger;
};

/// Interrupt number `index` of `node`. Any context. kNoEntry: it has none.
/// kNotSupported: it goes to a controller that is not the root. kBadMessage: the
/// cells make no sense to their controller's binding.
Result<TreeLine> line_of(const device_tree::Node& node, std::size_t index = 0);

/// The same of an interrupt that something else than a node's own properties names.
Result<TreeLine> line_of(const device_tree::Interrupt& interrupt);

}  // namespace atl::irq
