// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch/firmware_call.hpp>
#include <cstdint>

/// The privileged steps of an entry, in assembly; each says in its source what
/// it does and which registers it clobbers. For lib/boot_arm64 and what starts further
/// CPUs.
extern "C" {

/// Returns at EL1 on SP_EL1; the level it was called at.
std::uint64_t atoll_arm64_drop_to_el1();
/// Invalidates the data cache over [start, end), multiples of 256.
void atoll_arm64_forget_cache(std::uint64_t start, std::uint64_t end);
/// Zeros [start, end), not empty, multiples of 256; MMU on.
void atoll_arm64_clear(std::uint64_t start, std::uint64_t end);
/// MMU and caches on, the lower half through `identity_root`.
void atoll_arm64_enable_mmu(std::uint64_t identity_root);
/// Moves the data from their place in the file to that in the image.
void atoll_arm64_place_data();
/// Relocates the image that lies at `image` to run `delta` bytes higher than it
/// was linked for or relocated to.
void atoll_arm64_relocate(std::uint64_t image, std::uint64_t delta);
/// Into the kernel's half, `delta` bytes up, and to `entry` on `stack_top`; from there
/// on the key signs return addresses, where image and CPU have that. `exception_stack`
/// is the distance of the CPU's from the first one; `entry` gets `argument`.
[[noreturn]] void atoll_arm64_enter_kernel(std::uint64_t root, std::uint64_t delta,
                                           std::uint64_t stack_top, std::uint64_t entry,
                                           std::uint64_t key_low, std::uint64_t key_high,
                                           std::uint64_t exception_stack, std::uint64_t argument);
}
