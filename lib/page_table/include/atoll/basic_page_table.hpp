// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/mapping.hpp>
#include <atoll/result.hpp>
#include <atoll/types.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace atl {

/// Where a page table's own pages come from and how they are reached, so that
/// one walker serves the entry (physical addresses), the running image (direct
/// map) and host tests (a buffer).
struct TablePages {
  /// The address at which physical address 0 can be reached: 0 at entry,
  /// direct_map_base afterwards.
  std::uint64_t reach = 0;
  /// A page of zeros, or address 0 when there is none.
  PhysAddr (*allocate)(void* context) = nullptr;
  void* context = nullptr;
  /// The largest leaf that map() may write: 0 pages only, 1 also 2 MiB, 2 also
  /// 1 GiB (x86_64: CPUID 8000_0001H EDX[26]).
  unsigned largest_block = 1;
};

/// A four-level table of 512 entries each over 4-KiB pages, 48-bit addresses
/// (Intel SDM 3A §4.5; Arm ARM D8.2). It borrows `root`; tables that become
/// empty stay, for the next mapping.
///
/// Any context, before the heap; it uses no relocated data, so that it runs at
/// the load address. The caller serialises, and afterwards tells the CPU:
/// arch::Cpu::publish_translations() of what was mapped where nothing was,
/// arch::Cpu::invalidate_translations() of what has changed or gone.
template <arch::PageTableEntryContract Entry>
class BasicPageTable {
 public:
  /// What lies at an address.
  struct Mapping {
    PhysAddr frame;            ///< of the address itself
    std::uint64_t block_size;  ///< bytes that its leaf maps
    arch::Access access;
    arch::Memory memory;
  };

  /// `root` is a page of zeros, or a table made before.
  BasicPageTable(PhysAddr root, TablePages pages) : root_(root), pages_(pages) {}

  [[nodiscard]] PhysAddr root() const { return root_; }

  /// Maps `count` pages at `start` to those from `frame` on, both multiples of
  /// a page, in the largest blocks that fit. kNoMemory; kExists where
  /// something is mapped or marked; kInvalidArgument for unaligned or wrapping
  /// ranges. On an error nothing of the range is mapped.
  Result<void> map(VirtAddr start, PhysAddr frame, PageCount count, arch::Access access,
                   arch::Memory memory = arch::Memory::kNormal);

  /// Changes what the pages allow; blocks that stick out are split. kNoMemory;
  /// kBadAddress where a page is not mapped; kInvalidArgument as map(). On an
  /// error nothing has changed.
  Result<void> protect(VirtAddr start, PageCount count, arch::Access access);

  /// Takes the mappings away; pages without one stay without one, and marks
  /// go. kNoMemory when a block that sticks out cannot be split: then nothing
  /// has changed. kInvalidArgument as map().
  Result<void> unmap(VirtAddr start, PageCount count);

  /// As unmap(), of a range at whose ends no leaf sticks out: where all leaves
  /// are pages, any.
  void clear(VirtAddr start, PageCount count);

  /// Leaves `note` (1 .. 2^32 - 1, 0 takes it away) at an unmapped page.
  /// kNoMemory; kExists where the page is mapped; kInvalidArgument.
  Result<void> mark(VirtAddr page, std::uint32_t note);
  /// The note at `address`; 0 where there is none.
  [[nodiscard]] std::uint32_t note(VirtAddr address) const;

  [[nodiscard]] std::optional<Mapping> lookup(VirtAddr address) const;

  /// Calls `visit(VirtAddr, Mapping)` for each leaf in [start, start + count)
  /// in ascending order; stops, and returns false, when `visit` returns false.
  template <typename Visit>
  bool for_each(VirtAddr start, PageCount count, Visit visit) const;

 private:
  static constexpr unsigned kRootLevel = 3;
  static constexpr std::uint64_t kEntries = 512;

  /// An entry found on the way down and the level it was found at.
  struct Slot {
    std::uint64_t* entry;
    unsigned level;
  };
  /// Fills entries from `entry` on, up to `room`, with `raw`, raw + size, ...
  /// until one is taken; how many.
  static std::uint64_t fill(std::uint64_t* entry, std::uint64_t room, std::uint64_t raw,
                            std::uint64_t size);

  static constexpr std::uint64_t size_of(unsigned level) {
    return std::uint64_t{kPageSize} << (9 * level);
  }
  static std::uint64_t index_of(VirtAddr address, unsigned level) {
    return (address.value() >> (kPageShift + 9 * level)) & (kEntries - 1);
  }
  static std::uint64_t span_of(VirtAddr address) { return address.value() >> (kPageShift + 9); }
  [[nodiscard]] std::uint64_t* table_at(PhysAddr table) const {
    return VirtAddr{pages_.reach + table.value()}.template as<std::uint64_t>();
  }
  static Entry read(const std::uint64_t* slot) { return Entry::from_raw(*slot); }
  /// Bytes from `address` to the end of what an entry at `level` covers.
  static std::uint64_t rest_of(VirtAddr address, unsigned level) {
    return size_of(level) - (address.value() & (size_of(level) - 1));
  }
  /// Whole pages of one half of the 48-bit address space.
  static bool valid_range(VirtAddr start, PageCount count) {
    constexpr unsigned kHalfShift = 47;
    if (((start.value() & (kPageSize - 1)) | count.count >> (kHalfShift - kPageShift + 1)) != 0) {
      return false;
    }
    const std::uint64_t last = start.value() + count.bytes() - (count.count != 0 ? 1 : 0);
    // The bits from 47 upwards are alike, and alike at both ends.
    const auto half = static_cast<std::int64_t>(start.value()) >> kHalfShift;
    return (half == 0 || half == -1) && (start.value() ^ last) >> kHalfShift == 0;
  }

  [[nodiscard]] Slot find(VirtAddr address) const;
  Slot find_or_make(VirtAddr address, unsigned level) {
    if (span_of(address) == span_) return {span_table_ + index_of(address, 0), 0};
    return walk_or_make(address, level);
  }
  Slot walk_or_make(VirtAddr address, unsigned level);
  [[nodiscard]] unsigned largest_level(VirtAddr start, PhysAddr frame, PageCount count) const;
  Result<void> split_at(VirtAddr address);

  PhysAddr root_;
  TablePages pages_;
  /// The table of pages that find_or_make() met last, and the number of the
  /// 2-MiB span that it covers: neighbours come one after the other, and a table
  /// never goes away.
  std::uint64_t span_ = ~std::uint64_t{0};
  std::uint64_t* span_table_ = nullptr;
};

/// The entry that decides about `address`: a leaf, or the first absent one.
template <arch::PageTableEntryContract Entry>
auto BasicPageTable<Entry>::find(VirtAddr address) const -> Slot {
  std::uint64_t* table = table_at(root_);
  for (unsigned level = kRootLevel;; --level) {
    std::uint64_t* slot = table + index_of(address, level);
    const Entry entry = read(slot);
    if (level == 0 || !entry.is_present() || entry.is_leaf(level)) return {slot, level};
    table = table_at(entry.address());
  }
}

/// As find(), but makes the tables that are missing above `level`; the entry is
/// null where there was no page for one.
template <arch::PageTableEntryContract Entry>
auto BasicPageTable<Entry>::walk_or_make(VirtAddr address, unsigned level) -> Slot {
  Slot slot = find(address);
  while (slot.level > level && *slot.entry == 0) {
    const PhysAddr table = pages_.allocate(pages_.context);
    if (table == PhysAddr{}) return {nullptr, 0};
    *slot.entry = Entry::make_table(table).raw();
    --slot.level;
    slot.entry = table_at(table) + index_of(address, slot.level);
  }
  if (slot.level == 0) {
    span_ = span_of(address);
    span_table_ = slot.entry - index_of(address, 0);
  }
  return slot;
}

template <arch::PageTableEntryContract Entry>
unsigned BasicPageTable<Entry>::largest_level(VirtAddr start, PhysAddr frame,
                                              PageCount count) const {
  const std::uint64_t both = start.value() | frame.value();
  unsigned level = 0;
  while (level < pages_.largest_block && (both & (size_of(level + 1) - 1)) == 0 &&
         count.bytes() >= size_of(level + 1)) {
    ++level;
  }
  return level;
}

template <arch::PageTableEntryContract Entry>
std::uint64_t BasicPageTable<Entry>::fill(std::uint64_t* entry, std::uint64_t room,
                                          std::uint64_t raw, std::uint64_t size) {
  // By eights: a machine's first megabytes take hundreds of entries.
  std::uint64_t* at = entry;
  std::uint64_t* const end = entry + room;
  for (std::uint64_t* const last = entry + (room & ~std::uint64_t{7}); at != last; at += 8) {
    if ((at[0] | at[1] | at[2] | at[3] | at[4] | at[5] | at[6] | at[7]) != 0) break;
    at[0] = raw;
    at[1] = raw += size;
    at[2] = raw += size;
    at[3] = raw += size;
    at[4] = raw += size;
    at[5] = raw += size;
    at[6] = raw += size;
    at[7] = raw += size;
    raw += size;
  }
  for (; at != end && *at == 0; raw += size) *at++ = raw;
  return static_cast<std::uint64_t>(at - entry);
}

template <arch::PageTableEntryContract Entry>
Result<void> BasicPageTable<Entry>::map(VirtAddr start, PhysAddr frame, PageCount count,
                                        arch::Access access, arch::Memory memory) {
  constexpr std::uint64_t kFrameEnd = std::uint64_t{1} << 52;
  if (!valid_range(start, count) || !frame.is_aligned(kPageSize) || frame.value() > kFrameEnd ||
      count.bytes() > kFrameEnd - frame.value()) {
    return fail(Errc::kInvalidArgument);
  }
  VirtAddr at = start;
  PageCount left = count;
  while (left.count != 0) {
    const auto [entry, level] = find_or_make(at, largest_level(at, frame, left));
    Errc error = entry == nullptr ? Errc::kNoMemory : Errc{};
    if (entry != nullptr) {
      const std::uint64_t pages = size_of(level) >> kPageShift;
      std::uint64_t room = kEntries - index_of(at, level);
      if (*entry != 0) error = Errc::kExists;
      // Neighbours in one table need no new walk; a table among them ends the
      // run. They differ in the address, which every architecture keeps in place.
      if (left.count / pages < room) room = left.count / pages;
      const std::uint64_t size = size_of(level);
      const std::uint64_t done =
          fill(entry, room, Entry::make_leaf(frame, access, memory, level).raw(), size);
      at += done * size;
      frame += done * size;
      left.count -= done * pages;
    }
    if (error != Errc{}) {
      clear(start, PageCount{(at - start) >> kPageShift});
      return fail(error);
    }
  }
  return {};
}

/// Makes `address` the start of a leaf, if it lies inside one.
template <arch::PageTableEntryContract Entry>
Result<void> BasicPageTable<Entry>::split_at(VirtAddr address) {
  for (;;) {
    const Slot slot = find(address);
    const Entry block = read(slot.entry);
    if (slot.level == 0 || !block.is_present() || address.is_aligned(size_of(slot.level))) {
      return {};
    }
    const PhysAddr table = pages_.allocate(pages_.context);
    if (table == PhysAddr{}) return fail(Errc::kNoMemory);
    const std::uint64_t part = size_of(slot.level - 1);
    for (std::uint64_t i = 0; i < kEntries; ++i) {
      table_at(table)[i] = Entry::make_leaf(block.address() + i * part, block.access(),
                                            block.memory(), slot.level - 1)
                               .raw();
    }
    Entry::replace_block(slot.entry, Entry::make_table(table),
                         address.align_down(size_of(slot.level)), slot.level);
  }
}

template <arch::PageTableEntryContract Entry>
Result<void> BasicPageTable<Entry>::protect(VirtAddr start, PageCount count, arch::Access access) {
  if (!valid_range(start, count)) return fail(Errc::kInvalidArgument);
  if (count.count == 0) return {};
  for (std::uint64_t done = 0; done < count.bytes();) {
    const Slot slot = find(start + done);
    if (!read(slot.entry).is_present()) return fail(Errc::kBadAddress);
    done += rest_of(start + done, slot.level);
  }
  TRY(split_at(start));
  TRY(split_at(start + count.bytes()));
  for (std::uint64_t done = 0; done < count.bytes();) {
    const Slot slot = find(start + done);
    const Entry old = read(slot.entry);
    *slot.entry = Entry::make_leaf(old.address(), access, old.memory(), slot.level).raw();
    done += size_of(slot.level);
  }
  return {};
}

template <arch::PageTableEntryContract Entry>
Result<void> BasicPageTable<Entry>::unmap(VirtAddr start, PageCount count) {
  if (!valid_range(start, count)) return fail(Errc::kInvalidArgument);
  if (count.count == 0) return {};
  TRY(split_at(start));
  TRY(split_at(start + count.bytes()));
  clear(start, count);
  return {};
}

template <arch::PageTableEntryContract Entry>
void BasicPageTable<Entry>::clear(VirtAddr start, PageCount count) {
  for (std::uint64_t done = 0; done < count.bytes();) {
    const VirtAddr at = start + done;
    const Slot slot = find(at);
    if (slot.level == 0 || read(slot.entry).is_present()) *slot.entry = 0;
    done += rest_of(at, slot.level);
  }
}

template <arch::PageTableEntryContract Entry>
Result<void> BasicPageTable<Entry>::mark(VirtAddr page, std::uint32_t note) {
  if (!valid_range(page, PageCount{1})) return fail(Errc::kInvalidArgument);
  const Slot slot = find_or_make(page, 0);
  if (slot.entry == nullptr) return fail(Errc::kNoMemory);
  if (slot.level != 0 || read(slot.entry).is_present()) return fail(Errc::kExists);
  *slot.entry = std::uint64_t{note} << 1;
  return {};
}

template <arch::PageTableEntryContract Entry>
std::uint32_t BasicPageTable<Entry>::note(VirtAddr address) const {
  const std::uint64_t raw = *find(address).entry;
  return (raw & 1) != 0 ? 0 : static_cast<std::uint32_t>(raw >> 1);
}

template <arch::PageTableEntryContract Entry>
auto BasicPageTable<Entry>::lookup(VirtAddr address) const -> std::optional<Mapping> {
  const Slot slot = find(address);
  const Entry entry = read(slot.entry);
  if (!entry.is_present()) return std::nullopt;
  const std::uint64_t size = size_of(slot.level);
  return Mapping{entry.address() + (address.value() & (size - 1)), size, entry.access(),
                 entry.memory()};
}

template <arch::PageTableEntryContract Entry>
template <typename Visit>
bool BasicPageTable<Entry>::for_each(VirtAddr start, PageCount count, Visit visit) const {
  for (std::uint64_t done = 0; done < count.bytes();) {
    const VirtAddr at = start + done;
    const Slot slot = find(at);
    const std::uint64_t size = size_of(slot.level);
    const Entry entry = read(slot.entry);
    if (entry.is_present() &&
        !visit(at.align_down(size),
               Mapping{entry.address(), size, entry.access(), entry.memory()})) {
      return false;
    }
    done += rest_of(at, slot.level);
  }
  return true;
}

}  // namespace atl
