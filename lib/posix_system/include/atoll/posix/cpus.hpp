// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

namespace atl::posix {

/// How many CPUs run: 1 in an image for one, else what posix_system_cpus counts. Any context.
int running_cpus();

}  // namespace atl::posix
