// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "gic_line.hpp"

// Apart from what asks a node: an image that needs only one of them holds one copy, inlined.
namespace atl::irq {

Result<TreeLine> line_of(const device_tree::Interrupt& interrupt) { return gic_line(interrupt); }

}  // namespace atl::irq
