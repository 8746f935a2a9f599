// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>

/// What the build generates from the declarations of the chosen libraries, in
/// build/<cell>/generated/boot_sequence.cpp. Called by lib/boot only.
namespace atl::generated {

/// Runs the boot steps in order and counts them in `completed`. On an error
/// `failed_step` is the name of the step that gave it.
Result<void> run_boot_sequence(const char*& failed_step, unsigned& completed);

/// Runs the terminators of the first `completed` boot steps, last one first.
void run_terminators(unsigned completed);

/// Runs the steps that each further CPU runs as it starts.
Result<void> run_cpu_sequence(const char*& failed_step);

/// Constructs the program's static objects; lib/boot defines it, the generated
/// program step calls it.
void run_constructors();

/// Constructs the program's static objects, calls its main and hands main's
/// result to exit() of the libc, or to shutdown::exit() without one.
[[noreturn]] void run_program();

}  // namespace atl::generated
