// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/mapping.hpp>
#include <atoll/types.hpp>
#include <cstdint>

namespace atl::arch {

/// A VMSAv8-64 descriptor, 4-KiB granule, stage 1 of EL1 (Arm ARM D8.3).
/// Nothing is ever reachable from or executable at EL0. AttrIndx follows
/// kMemoryAttributes.
class PageTableEntry {
 public:
  /// MAIR_EL1: attribute 0 is write-back normal memory, 1 is Device-nGnRE.
  static constexpr std::uint64_t kMemoryAttributes = 0x04ff;
  /// PXN. Without it a writable entry is executable, which only the entry's own
  /// short-lived identity map may have.
  static constexpr std::uint64_t kPrivilegedNoExecute = std::uint64_t{1} << 53;

  static constexpr PageTableEntry from_raw(std::uint64_t raw) { return PageTableEntry{raw}; }
  [[nodiscard]] constexpr std::uint64_t raw() const { return raw_; }

  static constexpr PageTableEntry make_table(PhysAddr table) {
    return PageTableEntry{table.value() | kValid | kTableOrPage};
  }
  static constexpr PageTableEntry make_leaf(PhysAddr frame, Access access, Memory memory,
                                            unsigned level) {
    std::uint64_t raw = frame.value() | kValid | kAccessFlag | kInnerShareable | kUserNoExecute;
    if (level == 0) raw |= kTableOrPage;
    if (access != Access::kReadWrite) raw |= kReadOnly;
    raw |= access == Access::kReadExecute ? kGuarded : kPrivilegedNoExecute;
    if (memory == Memory::kDevice) raw |= kDeviceAttribute;
    return PageTableEntry{raw};
  }

  [[nodiscard]] constexpr bool is_present() const { return (raw_ & kValid) != 0; }
  [[nodiscard]] constexpr bool is_leaf(unsigned level) const {
    return level == 0 || (raw_ & kTableOrPage) == 0;
  }
  [[nodiscard]] constexpr PhysAddr address() const { return PhysAddr{raw_ & kAddressMask}; }
  [[nodiscard]] constexpr Access access() const {
    if ((raw_ & kReadOnly) == 0) return Access::kReadWrite;
    return (raw_ & kPrivilegedNoExecute) == 0 ? Access::kReadExecute : Access::kReadOnly;
  }
  [[nodiscard]] constexpr Memory memory() const {
    return (raw_ & kDeviceAttribute) != 0 ? Memory::kDevice : Memory::kNormal;
  }

  /// Break before make (Arm ARM D8.16.1), unless `slot` itself is reached
  /// through the block: then a store over it, which says the same, and a flush;
  /// the exception entry resolves the TLB conflict that may come between.
  static void replace_block(std::uint64_t* slot, PageTableEntry entry, VirtAddr start,
                            unsigned level);

 private:
  constexpr explicit PageTableEntry(std::uint64_t raw) : raw_(raw) {}

  static constexpr std::uint64_t kValid = 1;
  static constexpr std::uint64_t kTableOrPage = 1u << 1;
  static constexpr std::uint64_t kDeviceAttribute = 1u << 2;  // AttrIndx[0]
  static constexpr std::uint64_t kReadOnly = 1u << 7;         // AP[2]
  static constexpr std::uint64_t kInnerShareable = 3u << 8;
  static constexpr std::uint64_t kAccessFlag = 1u << 10;
  /// GP: an indirect branch has to end at a landing pad (FEAT_BTI; without it the
  /// bit is ignored). True of code exactly as the compiler made it.
#ifdef __ARM_FEATURE_BTI_DEFAULT
  static constexpr std::uint64_t kGuarded = std::uint64_t{1} << 50;
#else
  static constexpr std::uint64_t kGuarded = 0;
#endif
  static constexpr std::uint64_t kUserNoExecute = std::uint64_t{1} << 54;
  static constexpr std::uint64_t kAddressMask = 0x0000'ffff'ffff'f000;

  std::uint64_t raw_;
};

static_assert(PageTableEntryContract<PageTableEntry>);

}  // namespace atl::arch
