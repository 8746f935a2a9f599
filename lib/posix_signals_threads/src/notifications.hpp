// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/posix/signal_timer.hpp>

namespace atl::posix {

/// Runs functions in threads of the program's: SIGEV_THREAD.
Notifier notifications();

}  // namespace atl::posix
