// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/types.hpp>

/// Between lib/timer and its provider; nobody else includes it. lib/timer keeps
/// the deadlines and sees to it that the handler is never called early, so a
/// provider may fire too soon (a counter that is too short, a rate not yet
/// known well) but not late.
namespace atl::timer {

/// The provider's: one interrupt on this CPU, `remaining` from now or earlier,
/// at once for 0; replaces the one before. Interrupts are masked.
void program(Nanoseconds remaining);

/// The provider's: no interrupt any more. Interrupts are masked.
void cancel();

/// lib/timer's: the interrupt of program() came. In interrupt context.
void expired();

}  // namespace atl::timer
