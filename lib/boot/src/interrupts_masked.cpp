// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "interrupts.hpp"

namespace atoll {

void open_interrupts() {}

}  // namespace atoll
