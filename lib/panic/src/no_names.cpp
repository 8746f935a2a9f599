// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "report.hpp"

namespace atl::report {

void append_name(TextWriter&, std::uint64_t, bool) {}

}  // namespace atl::report
