// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <string_view>

namespace atl::stop_xenstore {

/// Leaves the status in xenstore, and gives the daemon time to take it.
void report(std::string_view record);

}  // namespace atl::stop_xenstore
