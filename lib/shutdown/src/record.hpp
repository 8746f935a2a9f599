// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

namespace atl::shutdown {

/// What comes after "atoll: " in the last console record.
enum class Ending : bool { kExit, kPanic };

/// Writes the record, tells the debugging device that the command line names,
/// if any, and switches off, or stops as crashed. Interrupts masked.
[[noreturn]] void end(Ending ending, std::uint8_t status);

}  // namespace atl::shutdown
