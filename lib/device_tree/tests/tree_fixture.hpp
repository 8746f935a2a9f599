// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <gtest/gtest.h>
#include <array>
#include <atoll/device_tree_node.hpp>

#include "blob_builder.hpp"

namespace atl::device_tree {

/// A blob to write, and the tree in it.
class TreeTest : public testing::Test {
 protected:
  std::array<NodeRecord, 64> records{};
  BlobBuilder builder;

  Result<Tree> create(std::span<const std::byte> blob) { return Tree::create(blob, records); }
  Errc error_of(std::span<const std::byte> blob) {
    const auto tree = create(blob);
    return tree.ok() ? Errc{} : tree.error();
  }
  Tree tree() {
    auto made = create(builder.finish());
    EXPECT_TRUE(made.ok());
    return made.value();
  }
  /// A root with one string property, complete but for the end token.
  BlobBuilder& small() { return builder.begin("").text("model", "m").begin("a").end().end(); }
};

}  // namespace atl::device_tree
