// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch.hpp>
#include <source_location>

namespace atoll {

/// Ends the image: prints `message` with its place, the CPU, a backtrace, the
/// image's build id, then the record `atoll: panic <build-id>`, and leaves by
/// shutdown::crash(). Any context. A panic inside a panic halts after one line.
[[noreturn]] void panic(const char* message,
                        std::source_location where = std::source_location::current());

/// The same for an exception: adds its name, address and registers.
[[noreturn]] void panic(const char* message, const arch::Trap& trap);

}  // namespace atoll

/// The programmer's fault, checked in every build: panics with the expression
/// and its place. Errors of the environment are Results, not assertions.
#define ATOLL_ASSERT(expression)                                        \
  (static_cast<bool>(expression) ? static_cast<void>(0)                 \
                                 : ::atoll::panic("assertion failed: " #expression))
