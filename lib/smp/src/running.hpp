// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <atoll/smp.hpp>

namespace atl::smp {

/// From now on `cpu` is one of running().
void add_running(std::uint32_t cpu);

/// Take on what CPUs interrupt each other for; before any starts. Errors of
/// irq::Domain::connect().
Result<void> connect_calls();
Result<void> connect_stop();

}  // namespace atl::smp
