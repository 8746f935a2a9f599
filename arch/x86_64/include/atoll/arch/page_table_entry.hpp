// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/mapping.hpp>
#include <atoll/types.hpp>
#include <cstdint>

namespace atl::arch {

/// An entry of 4-level paging (Intel SDM 3A §4.5, Tables 4-14 to 4-20).
/// Plain integers: any context, host tests included.
class PageTableEntry {
 public:
  constexpr PageTableEntry() = default;
  static constexpr PageTableEntry from_raw(std::uint64_t raw) { return PageTableEntry{raw}; }
  [[nodiscard]] constexpr std::uint64_t raw() const { return raw_; }

  static constexpr PageTableEntry make_table(PhysAddr next) {
    return PageTableEntry{next.value() | kPresent | kWritable | kAccessed};
  }

  /// Accessed and dirty from the start, so that the CPU never has to write the
  /// entry (SDM 3A §4.8).
  static constexpr PageTableEntry make_leaf(PhysAddr frame, Access access, Memory memory,
                                            unsigned level) {
    std::uint64_t raw = frame.value() | kPresent | kAccessed;
    if (access == Access::kReadWrite) raw |= kWritable | kDirty;
    if (access != Access::kReadExecute) raw |= kNoExecute;
    // PAT entry 3, uncached after reset (SDM 3A §11.12.4).
    if (memory == Memory::kDevice) raw |= kWriteThrough | kCacheDisable;
    if (level != 0) raw |= kBlock;
    return PageTableEntry{raw};
  }

  [[nodiscard]] constexpr bool is_present() const { return (raw_ & kPresent) != 0; }
  [[nodiscard]] constexpr bool is_leaf(unsigned level) const {
    return level == 0 || (raw_ & kBlock) != 0;
  }
  [[nodiscard]] constexpr PhysAddr address() const { return PhysAddr{raw_ & kAddress}; }
  [[nodiscard]] constexpr Access access() const {
    if ((raw_ & kWritable) != 0) return Access::kReadWrite;
    return (raw_ & kNoExecute) != 0 ? Access::kReadOnly : Access::kReadExecute;
  }
  [[nodiscard]] constexpr Memory memory() const {
    return (raw_ & kCacheDisable) != 0 ? Memory::kDevice : Memory::kNormal;
  }

  /// Both forms say the same, so a plain store is enough (SDM 3A §4.10.2.3).
  static void replace_block(std::uint64_t* slot, PageTableEntry table, VirtAddr, unsigned) {
    *static_cast<volatile std::uint64_t*>(slot) = table.raw_;
  }

 private:
  static constexpr std::uint64_t kPresent = 1;
  static constexpr std::uint64_t kWritable = 1 << 1;
  static constexpr std::uint64_t kWriteThrough = 1 << 3;
  static constexpr std::uint64_t kCacheDisable = 1 << 4;
  static constexpr std::uint64_t kAccessed = 1 << 5;
  static constexpr std::uint64_t kDirty = 1 << 6;
  static constexpr std::uint64_t kBlock = 1 << 7;
  static constexpr std::uint64_t kNoExecute = std::uint64_t{1} << 63;
  static constexpr std::uint64_t kAddress = 0x000f'ffff'ffff'f000;

  constexpr explicit PageTableEntry(std::uint64_t raw) : raw_(raw) {}

  std::uint64_t raw_ = 0;
};

static_assert(PageTableEntryContract<PageTableEntry>);

}  // namespace atl::arch
