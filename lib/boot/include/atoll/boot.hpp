// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>

namespace atl {

/// From the platform's entry to the program. Called once by plat/<p>/<arch>, on
/// the boot CPU, in the final address space, on the boot stack, with
/// interrupts masked, boot_info() filled, per-CPU data and exception vectors
/// set and the stack protector's canary chosen.
///
/// A boot step that fails is named on the console, the terminators of the
/// steps before it run, and the image ends as crashed.
[[noreturn]] void boot();

/// The steps of a further CPU, which calls it with interrupts masked and per-CPU data
/// set. On an error `failed_step` is the library whose step gave it.
Result<void> boot_cpu(const char*& failed_step);

/// A hook, in an image for several CPUs: starts the machine's further CPUs. Called once,
/// after the boot steps, interrupts masked.
void start_further_cpus();

}  // namespace atl
