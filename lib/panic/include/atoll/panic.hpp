// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch.hpp>
#include <atoll/assert.hpp>

namespace atl {

/// Ends the image: prints `message` with its place, the CPU, a backtrace, the
/// image's build id, then the record `atoll: panic <build-id>`, and leaves by
/// shutdown::crash(). Any context. A panic inside a panic prints one line and
/// the record; one inside that stops the machine silently.
///
/// The place is that of the caller, filled in by the compiler: two registers,
/// where a std::source_location would cost an object and its relocations.
[[noreturn]] void panic(const char* message, const char* file = __builtin_FILE(),
                        unsigned line = __builtin_LINE());

/// The same for an exception: adds its name, address and registers.
[[noreturn]] void panic(const char* message, const arch::Trap& trap);

}  // namespace atl
