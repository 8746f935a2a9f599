// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

namespace atl {

/// From the platform's entry to the program. Called once by plat/<p>/<arch>, on
/// the boot CPU, in the final address space, on the boot stack, with
/// interrupts masked, boot_info() filled, per-CPU data and exception vectors
/// set and the stack protector's canary chosen.
///
/// A boot step that fails is named on the console, the terminators of the
/// steps before it run, and the image ends as crashed.
[[noreturn]] void boot();

/// The same for a further CPU: runs its steps. Interrupts masked.
void boot_cpu();

}  // namespace atl
