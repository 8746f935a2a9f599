// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>

namespace atl::irq {

/// Takes on the interrupts by which CPUs ask each other to forget translations. On the
/// boot CPU, once root() works. Errors of Domain::connect().
Result<void> connect_shoot_downs();

}  // namespace atl::irq
