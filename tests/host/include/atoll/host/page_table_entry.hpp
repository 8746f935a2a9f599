// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/mapping.hpp>
#include <cstdint>
#include <map>

namespace atl::arch {

/// An encoding that is no architecture's: bit 0 present, 1 leaf, 2-3 access, 4
/// device, 12-51 address.
class PageTableEntry {
 public:
  static PageTableEntry from_raw(std::uint64_t raw) { return PageTableEntry{raw}; }
  [[nodiscard]] std::uint64_t raw() const { return raw_; }
  static PageTableEntry make_table(PhysAddr next) { return PageTableEntry{next.value() | 1}; }
  static PageTableEntry make_leaf(PhysAddr frame, Access access, Memory memory, unsigned) {
    return PageTableEntry{frame.value() | 3 | static_cast<std::uint64_t>(access) << 2 |
                          static_cast<std::uint64_t>(memory) << 4};
  }
  [[nodiscard]] bool is_present() const { return (raw_ & 1) != 0; }
  [[nodiscard]] bool is_leaf(unsigned) const { return (raw_ & 2) != 0; }
  [[nodiscard]] PhysAddr address() const { return PhysAddr{raw_ & 0x000f'ffff'ffff'f000}; }
  [[nodiscard]] Access access() const { return static_cast<Access>((raw_ >> 2) & 3); }
  [[nodiscard]] Memory memory() const { return static_cast<Memory>((raw_ >> 4) & 1); }
  static void replace_block(std::uint64_t* slot, PageTableEntry table, VirtAddr start,
                            unsigned level) {
    replaced[start.value()] = level;
    *slot = table.raw_;
  }

  /// Start and level of each block that was replaced by a table.
  static inline std::map<std::uint64_t, unsigned> replaced;

 private:
  explicit PageTableEntry(std::uint64_t raw) : raw_(raw) {}
  std::uint64_t raw_;
};

static_assert(PageTableEntryContract<PageTableEntry>);

}  // namespace atl::arch
