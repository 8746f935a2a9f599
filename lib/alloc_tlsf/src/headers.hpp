// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/types.hpp>
#include <cstdint>

#include "free_lists.hpp"

namespace atl::tlsf {

/// The headers of one allocator's blocks. A block is named by the address that
/// its holder gets; the word before it is its header: its size and flags, under
/// a seal. Blocks lie one behind the other: the size, a multiple of kUnit,
/// reaches to the block behind, whose header the holder does not have.
///
///     | header | what the holder has ...                | header | ...
///     | header | FreeBlock ...    | the block's address | header | ...    (free)
///
/// The seal is of 24 bits, which the block's address and the allocator's make:
/// what was written over, the inside of a block, or a block of another
/// allocator does not open as a header, but for one chance in 16 million.
class Headers {
 public:
  static constexpr std::uint64_t kFree = 1;          ///< a FreeBlock, in a list
  static constexpr std::uint64_t kPreviousFree = 2;  ///< the block before this one is free
  static constexpr std::uint64_t kEnd = 4;           ///< no block, but the end of such

  static constexpr std::size_t kBytes = sizeof(std::uint64_t);
  /// What a free block needs.
  static constexpr std::size_t kLeastBlock =
      (kBytes + sizeof(FreeBlock) + sizeof(std::uintptr_t) + kUnit - 1) & ~(kUnit - 1);

  explicit Headers(const void* owner)
      : seal_(reinterpret_cast<std::uintptr_t>(owner) / kPageSize << kSealShift) {}

  /// Size and flags of `block`; not intact() where there is no block.
  [[nodiscard, gnu::always_inline]] std::uint64_t open(std::uintptr_t block) const {
    return sealed(block, word(block));
  }
  [[gnu::always_inline]] void set(std::uintptr_t block, std::uint64_t content) {
    word(block) = sealed(block, content);
  }

  /// Whether `content` is of a header at all.
  static bool intact(std::uint64_t content) { return content >> kSealShift == 0; }
  /// Whether it is of a header, and of a block in use.
  static bool is_used(std::uint64_t content) { return (content & kKind) == 0; }
  /// Whether it is of a header, and of a free block.
  static bool is_free(std::uint64_t content) { return (content & kKind) == kFree; }
  static std::size_t size_of(std::uint64_t content) { return content & ~std::uint64_t{kUnit - 1}; }

  // Size and flags lie below the seal: it need not be opened to change them.

  /// Whether `block` has the flag.
  [[gnu::always_inline]] static bool has(std::uintptr_t block, std::uint64_t flag) {
    return (word(block) & flag) != 0;
  }
  /// Gives `block` the flag, which it may have.
  [[gnu::always_inline]] static void mark(std::uintptr_t block, std::uint64_t flag) {
    word(block) |= flag;
  }
  /// Adds bytes, and flags that `block` does not have.
  [[gnu::always_inline]] static void add(std::uintptr_t block, std::uint64_t content) {
    word(block) += content;
  }
  /// Takes away bytes, and flags that `block` has.
  [[gnu::always_inline]] static void subtract(std::uintptr_t block, std::uint64_t content) {
    word(block) -= content;
  }

  /// The last word of the block before `block`: its address, where it is free.
  static std::uintptr_t& previous(std::uintptr_t block) {
    return reinterpret_cast<std::uintptr_t*>(block)[-2];
  }

 private:
  static constexpr unsigned kSealShift = 40;
  static constexpr std::uint64_t kKind = ~std::uint64_t{0} << kSealShift | kFree | kEnd;
  static_assert(FreeLists::kLimit <= std::uint64_t{1} << kSealShift);

  [[gnu::always_inline]] static std::uint64_t& word(std::uintptr_t block) {
    return reinterpret_cast<std::uint64_t*>(block)[-1];
  }
  // The address's lowest four bits are 0: they would fall below the seal.
  [[nodiscard, gnu::always_inline]] std::uint64_t sealed(std::uintptr_t block,
                                                         std::uint64_t content) const {
    return content ^ seal_ ^ block << (kSealShift - 4);
  }

  std::uint64_t seal_;
};

}  // namespace atl::tlsf
