// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/types.hpp>
#include <cstddef>
#include <cstdint>

/// From a PVH loader to C++ (xen/docs/misc/pvh.pandoc): QEMU, Firecracker,
/// Cloud Hypervisor, Xen.
namespace atl::boot_pvh {

/// What the entry calls in 64-bit mode, at the load
/// address, with physical memory up to window_limit() mapped one to one, on a
/// stack of one page, interrupts masked. Nothing is relocated yet: no virtual
/// functions, no tables of pointers.
[[noreturn]] void enter(PhysAddr start_info) asm("atoll_pvh_enter");

/// Bytes from 0 that the entry has mapped: 4 GiB, or 1 GiB on a CPU without
/// 1-GiB pages.
std::uint64_t window_limit() asm("atoll_pvh_window_limit");

/// What image.ld defines. Hidden, so that each is reached relative to the
/// program counter, before relocation too.
#pragma GCC visibility push(hidden)
extern "C" {
extern std::byte __image_start[];
extern std::byte __text_end[];      // code: [__image_start, __text_end)
extern std::byte __rodata_start[];  // constants, relocated ones included
extern std::byte __rodata_end[];
extern std::byte __data_start[];  // data and zeros: [__data_start, __bss_end)
extern std::byte __bss_end[];
extern std::byte __image_end[];  // and the pages that only the entry uses
extern std::byte __build_id_start[];
extern std::byte __build_id_end[];
}
#pragma GCC visibility pop

/// Where image.ld links the first byte; without a random base it also runs there.
inline constexpr VirtAddr kLinkAddress{0xffff'ffff'8010'0000};

}  // namespace atl::boot_pvh
