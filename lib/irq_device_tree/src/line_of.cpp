// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "gic_line.hpp"

namespace atl::irq {

Result<TreeLine> line_of(const device_tree::Node& node, std::size_t index) {
  return gic_line(TRY(node.interrupt(index)));
}

}  // namespace atl::irq
