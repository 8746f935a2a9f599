// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "interrupts.hpp"

namespace atl {

void open_interrupts() {}

}  // namespace atl
