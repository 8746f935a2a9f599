// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/irq_lines.hpp>

namespace atl::irq {

Domain& machine_lines() { return root(); }

Result<Line> isa_line(std::uint32_t isa) {
  return fail(isa < 16 ? Errc::kNotSupported : Errc::kInvalidArgument);
}

}  // namespace atl::irq
