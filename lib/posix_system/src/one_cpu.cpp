// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/posix/cpus.hpp>

namespace atl::posix {

int running_cpus() { return 1; }

}  // namespace atl::posix
