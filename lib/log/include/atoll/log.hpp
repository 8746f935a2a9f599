// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>
#include <string_view>

/// Leveled messages to the console: `[    0.001234] sched: text`.
///
/// Formatting is small on purpose: `log::info("vm", "mapped {} pages at {:x}",
/// pages, address)` with integers, addresses, characters, text and Errc.
/// Messages above the compiled level (option LOG_LEVEL) cost no bytes.
namespace atoll::log {

enum class Level : std::uint8_t { kError = 0, kWarning = 1, kInfo = 2, kDebug = 3 };

}  // namespace atoll::log
