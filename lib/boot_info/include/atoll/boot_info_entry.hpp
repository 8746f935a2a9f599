// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/boot_info.hpp>
#include <cstddef>
#include <span>

/// How an entry fills the BootInfo. Safe before relocation, with the MMU off,
/// without a heap or a stack protector's canary: position-independent, no
/// relocated data, bounded by BootInfo's own size. What comes in is the
/// loader's word and may be hostile; what comes out always holds:
/// - regions are disjoint, not empty, and end at or below 2^52 (the largest
///   physical address of either architecture: Intel SDM 3A §4.1.4, Arm ARM
///   D8.1.6), so that their ends never wrap;
/// - where the loader's regions overlap, the less usable meaning wins.
namespace atl::boot_entry {

/// Adds what the loader's map says, in any order. Usable memory is taken only
/// where nothing else is known; another kind first takes its range out of what
/// was usable. Empty or unreachable ranges are ignored.
void add_region(BootInfo& info, PhysRange range, MemoryKind kind);

/// Turns the usable part of `range` into kKept; the rest of it, which is not
/// free RAM, stays as it is. Call it once the map is complete.
void reserve(BootInfo& info, PhysRange range);

/// Makes all of `range` kKept, whatever the loader's map calls it: pages that a
/// hypervisor shares with this image are mapped like RAM. Call it once the map is
/// complete.
void share(BootInfo& info, PhysRange range);

/// The lowest run of whole pages that hold RAM, at or above `from`, which is a
/// multiple of kPageSize; empty when there is none. kReserved is no RAM.
PhysRange next_ram(const BootInfo& info, PhysAddr from);

/// Calls `map(start, end, constant)` for all of it, lowest first, in pieces that
/// lie inside `constants` or outside of them; some are empty.
template <typename Map>
void each_ram(const BootInfo& info, PhysRange constants, Map map) {
  PhysAddr from;
  for (PhysRange ram = next_ram(info, from); !ram.empty(); ram = next_ram(info, from)) {
    from = ram.end();
    const auto inside = [&](PhysAddr at) {
      return at < ram.start ? ram.start : at > from ? from : at;
    };
    const PhysAddr first = inside(constants.start);
    const PhysAddr last = inside(constants.end());
    map(ram.start, first, false);
    map(first, last, true);
    map(last, from, false);
  }
}

/// Copies `text` up to its first NUL, at most kMaxCommandLine bytes; a longer
/// one is cut and marked. Reads nothing after the first NUL.
void copy_command_line(BootInfo& info, std::span<const char> text);

/// Copies up to kMaxRandomSeed bytes.
void copy_random_seed(BootInfo& info, std::span<const std::byte> seed);

}  // namespace atl::boot_entry
