// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/boot_info_entry.hpp>

namespace atl::boot_entry {
namespace {

constexpr std::uint64_t kPhysicalLimit = std::uint64_t{1} << 52;

/// The loader's map leaves slots for what reserve() splits later: a map of a
/// hundred pieces must not cost us the record of our own image.
constexpr std::size_t kLoaderSlots = BootInfo::kMaxRegions - 12;

/// [start, end), both at most kPhysicalLimit; start >= end means empty.
struct Bounds {
  std::uint64_t start;
  std::uint64_t end;
};

Bounds bounds_of(PhysRange range) {
  const std::uint64_t start = range.start.value();
  if (start >= kPhysicalLimit) return {0, 0};
  const std::uint64_t room = kPhysicalLimit - start;
  return {start, start + (range.size < room ? range.size : room)};
}

PhysRange range_of(Bounds bounds) { return {PhysAddr{bounds.start}, bounds.end - bounds.start}; }

/// Adds a piece that overlaps no region, as the growth of a neighbour of the
/// same kind where there is one; `slots` is how much of the table it may fill.
void append(BootInfo& info, Bounds piece, MemoryKind kind, std::size_t slots) {
  if (piece.start >= piece.end) return;
  for (std::size_t i = 0; i < info.region_count; ++i) {
    MemoryRegion& region = info.regions[i];
    if (region.kind != kind) continue;
    const Bounds old = bounds_of(region.range);
    if (old.end != piece.start && old.start != piece.end) continue;
    region.range = range_of({old.start < piece.start ? old.start : piece.start,
                             old.end > piece.end ? old.end : piece.end});
    return;
  }
  if (info.region_count >= slots) {
    ++info.regions_dropped;
    return;
  }
  info.regions[info.region_count++] = {range_of(piece), kind};
}

/// Takes from one region of `kind` what it shares with `hole`. Empty where none
/// shares anything.
Bounds carve_one(BootInfo& info, Bounds hole, MemoryKind kind, std::size_t slots) {
  for (std::size_t i = 0; i < info.region_count; ++i) {
    MemoryRegion& region = info.regions[i];
    if (region.kind != kind) continue;
    const Bounds old = bounds_of(region.range);
    const Bounds cut{old.start > hole.start ? old.start : hole.start,
                     old.end < hole.end ? old.end : hole.end};
    if (cut.start >= cut.end) continue;

    Bounds larger{old.start, cut.start};
    Bounds smaller{cut.end, old.end};
    if (smaller.end - smaller.start > larger.end - larger.start) {
      const Bounds other = larger;
      larger = smaller;
      smaller = other;
    }
    // The larger part keeps the slot, so that a full table loses the smaller.
    if (larger.start < larger.end) {
      region.range = range_of(larger);
    } else {
      region = info.regions[--info.region_count];
    }
    append(info, smaller, kind, slots);
    return cut;
  }
  return {0, 0};
}

void carve(BootInfo& info, Bounds hole, MemoryKind kind) {
  while (true) {
    const Bounds cut = carve_one(info, hole, kind, kLoaderSlots);
    if (cut.start >= cut.end) return;
  }
}

}  // namespace

void add_region(BootInfo& info, PhysRange range, MemoryKind kind) {
  Bounds left = bounds_of(range);
  if (kind != MemoryKind::kUsable) carve(info, left, MemoryKind::kUsable);
  while (left.start < left.end) {
    // The lowest region that reaches into what is left ends the free part.
    Bounds obstacle{left.end, left.end};
    for (const MemoryRegion& region : info.memory()) {
      const Bounds other = bounds_of(region.range);
      if (other.end > left.start && other.start < obstacle.start) obstacle = other;
    }
    append(info, {left.start, obstacle.start}, kind, kLoaderSlots);
    left.start = obstacle.end;
  }
}

void reserve(BootInfo& info, PhysRange range) {
  const Bounds hole = bounds_of(range);
  while (true) {
    const Bounds cut = carve_one(info, hole, MemoryKind::kUsable, BootInfo::kMaxRegions - 1);
    if (cut.start >= cut.end) return;
    append(info, cut, MemoryKind::kKept, BootInfo::kMaxRegions);
  }
}

void share(BootInfo& info, PhysRange range) {
  for (const MemoryKind kind : {MemoryKind::kReserved, MemoryKind::kAcpi}) {
    carve(info, bounds_of(range), kind);
  }
  add_region(info, range, MemoryKind::kKept);
}

// Regions are in no order, and two of them may share a page.
PhysRange next_ram(const BootInfo& info, PhysAddr from) {
  const auto is_ram = [](const MemoryRegion& region) {
    return region.kind != MemoryKind::kReserved;
  };
  PhysAddr start{~std::uint64_t{0}};
  PhysAddr end;
  for (const MemoryRegion& region : info.memory()) {
    if (!is_ram(region) || region.range.end() <= from) continue;
    const PhysAddr first = region.range.start.align_down(kPageSize);
    if (first < start) {
      start = first;
      end = region.range.end().align_up(kPageSize);
    }
  }
  if (end == PhysAddr{}) return {};
  for (std::size_t i = 0; i < info.region_count; ++i) {
    const MemoryRegion& region = info.regions[i];
    if (is_ram(region) && region.range.start <= end && region.range.end() > end) {
      end = region.range.end().align_up(kPageSize);
      i = ~std::size_t{0};  // what continues here may have come earlier
    }
  }
  if (start < from) start = from;
  return {start, end - start};
}

void copy_command_line(BootInfo& info, std::span<const char> text) {
  std::size_t size = 0;
  for (; size < text.size() && text[size] != '\0'; ++size) {
    if (size == BootInfo::kMaxCommandLine) {
      info.command_line_truncated = true;
      break;
    }
    info.command_line_text[size] = text[size];
  }
  info.command_line_size = size;
}

void copy_random_seed(BootInfo& info, std::span<const std::byte> seed) {
  info.random_seed_size =
      seed.size() < BootInfo::kMaxRandomSeed ? seed.size() : BootInfo::kMaxRandomSeed;
  for (std::size_t i = 0; i < info.random_seed_size; ++i) info.random_seed_bytes[i] = seed[i];
}

}  // namespace atl::boot_entry
