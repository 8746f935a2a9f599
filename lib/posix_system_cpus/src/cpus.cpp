// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/posix/cpus.hpp>
#include <atoll/smp.hpp>
#include <bit>

namespace atl::posix {

int running_cpus() { return std::popcount(smp::running()); }

}  // namespace atl::posix
