// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch.hpp>

/// What happens on an exception. Without a handler, or where the handler
/// declines, the image panics with a text that says what the exception was.
namespace atl::trap {

/// Runs on the exception stack with interrupts masked; must not wait. True
/// resumes at the frame's program counter, false leaves it to the panic.
using Handler = bool (*)(const arch::Trap& trap);

/// Makes `handler` the one for `kind` on every CPU and returns the one before,
/// for putting it back; null takes the default. Any context.
Handler set_handler(arch::TrapKind kind, Handler handler);

}  // namespace atl::trap
