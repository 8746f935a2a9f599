// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "control_flow.hpp"

namespace atl::arch {

void protect_control_flow() {}

}  // namespace atl::arch
