// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include "state.hpp"

namespace atl::posix {

/// Null without memory.
ThreadSignals* make_thread_signals();
/// Frees the blocks of threads that have ended without having seen them.
void forget_unseen();

/// In an interrupt handler: the handlers of the interrupted thread's signals run before
/// it goes on, if it computes in the program's own code; else look_again() sees to it.
void deliver_on_return();

}  // namespace atl::posix
