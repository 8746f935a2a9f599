// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/basic_page_table.hpp>
#include <cstdint>
#include <cstring>
#include <map>
#include <vector>

namespace atoll::test {

/// An encoding of its own, so that the walker's tests lean on no architecture:
/// bit 0 present, 1 leaf, 2-3 access, 4 device, 12-51 address.
class TestEntry {
 public:
  static TestEntry from_raw(std::uint64_t raw) { return TestEntry{raw}; }
  [[nodiscard]] std::uint64_t raw() const { return raw_; }
  static TestEntry make_table(PhysAddr next) { return TestEntry{next.value() | 1}; }
  static TestEntry make_leaf(PhysAddr frame, arch::Access access, arch::Memory memory, unsigned) {
    return TestEntry{frame.value() | 3 | static_cast<std::uint64_t>(access) << 2 |
                     static_cast<std::uint64_t>(memory) << 4};
  }
  [[nodiscard]] bool is_present() const { return (raw_ & 1) != 0; }
  [[nodiscard]] bool is_leaf(unsigned) const { return (raw_ & 2) != 0; }
  [[nodiscard]] PhysAddr address() const { return PhysAddr{raw_ & 0x000f'ffff'ffff'f000}; }
  [[nodiscard]] arch::Access access() const {
    return static_cast<arch::Access>((raw_ >> 2) & 3);
  }
  [[nodiscard]] arch::Memory memory() const {
    return static_cast<arch::Memory>((raw_ >> 4) & 1);
  }
  static void replace_block(std::uint64_t* slot, TestEntry table, VirtAddr start,
                            unsigned level) {
    replaced[start.value()] = level;
    *slot = table.raw_;
  }

  /// Start and level of each block that was replaced.
  static inline std::map<std::uint64_t, unsigned> replaced;

 private:
  explicit TestEntry(std::uint64_t raw) : raw_(raw) {}
  std::uint64_t raw_;
};

/// Physical memory for tables: page n of a buffer has address (n + 1) * 4 KiB.
class TestMemory {
 public:
  explicit TestMemory(std::size_t pages) : words_((pages + 2) * 512) {}

  TablePages pages(unsigned largest_block) {
    const auto start = (reinterpret_cast<std::uintptr_t>(words_.data()) + 4095) & ~4095ULL;
    return {.reach = start - kPageSize, .allocate = &allocate, .context = this,
            .largest_block = largest_block};
  }
  [[nodiscard]] std::size_t used() const { return used_; }
  PhysAddr next() {
    if ((used_ + 2) * 512 >= words_.size()) return PhysAddr{};
    return PhysAddr{++used_ * kPageSize};
  }

 private:
  static PhysAddr allocate(void* context) { return static_cast<TestMemory*>(context)->next(); }

  std::vector<std::uint64_t> words_;
  std::size_t used_ = 0;
};

}  // namespace atoll::test
