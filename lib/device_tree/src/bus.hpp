// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/device_tree.hpp>
#include <cstdint>
#include <span>

namespace atl::device_tree {

/// Gives every enabled node of `tree` to its driver, in the order that
/// device_tree::Driver promises. `pending` is scratch memory of at least
/// tree.node_count() entries; `table` has at most 127.
void probe_all(const Tree& tree, std::span<const Driver> table, std::span<std::uint8_t> pending);

}  // namespace atl::device_tree
