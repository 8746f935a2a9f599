// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>
#include <optional>

/// Connects `handler` to an interrupt line that nothing else uses, and lets interrupts
/// in; atl::irq::raise() of the line then calls it. Nothing where all are in use.
std::optional<std::uint32_t> connect_free_line(void (*handler)(void*));
