// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch/cpu_tables.hpp>
#include <atoll/boot_info.hpp>
#include <atoll/types.hpp>
#include <cstdint>

/// The address space that the image runs in, made before anything runs in it.
namespace atl::boot_pvh {

/// Where things are going to lie.
struct AddressSpace {
  PhysAddr root;  ///< of the page table
  VirtAddr image;
  VirtAddr direct_map;
  arch::ExceptionStacks exception_stacks;
  VirtAddr boot_stack_bottom;
  VirtAddr boot_stack_top;
};

/// Unpredictable numbers for the addresses and the stack protector: RDSEED or
/// RDRAND, else a mix of the TSC's readings, which is weak and better than
/// nothing. Runs at the load address.
struct BootEntropy {
  std::uint64_t image;
  std::uint64_t direct_map;
  std::uint64_t canary;
};
BootEntropy gather_entropy();

/// Chooses the bases from `entropy` (option BOOT_PVH_RANDOM_BASE; without it,
/// the link address and the start of the range), takes pages from the memory
/// map in `info` and builds in them:
/// - the image: code r-x, constants r--, data rw-, each page by its section;
/// - above it the stacks for exceptions and for booting, each over an unmapped
///   page;
/// - the direct map of all RAM in the map, never executable, code and constants
///   of the image only readable.
/// Nothing else is mapped. Fills info.image and info.image_base, and marks what
/// was taken as kept. Runs at the load address. Null on success, else a
/// sentence that says what is wrong.
const char* build_address_space(BootInfo& info, const BootEntropy& entropy, AddressSpace& space);

/// Makes every R_X86_64_RELATIVE location of the image, at its load address,
/// right for the virtual address `image`. False for any other kind of
/// relocation.
[[nodiscard]] bool relocate_image(VirtAddr image);

/// Leaves the load address for good: runs `start(argument)` on the boot stack
/// of `space`, at the image's virtual address, `argument` translated likewise.
[[noreturn]] void leave_load_address(const AddressSpace& space, void (*start)(void*),
                                     void* argument);

}  // namespace atl::boot_pvh
