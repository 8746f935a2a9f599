// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/config/device_tree.hpp>
#include <atoll/device_tree_node.hpp>
#include <optional>

namespace atl::device_tree {

/// What scan_boot() leaves for the image: written at the load address, read at
/// the virtual one, so the tree in it is used through Tree::moved_to().
struct BootIndex {
  std::array<NodeRecord, config::device_tree::kMaxNodes> records{};
  std::optional<Tree> tree;
};

[[gnu::visibility("hidden")]] extern BootIndex boot_index;

}  // namespace atl::device_tree
