// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

/// How signals reach threads that compute on other CPUs: for posix_signals_cpus.
namespace atl::posix {

/// `reach` is called in interrupt context when a thread could take a signal and has not,
/// at most once in 0.2 ms; it has every CPU call remind_here(), soon. Set by a boot step.
void set_reach(void (*reach)());

/// In an interrupt handler: where the thread that it interrupted could take a signal, its
/// handlers run before it goes on.
void remind_here();

}  // namespace atl::posix
