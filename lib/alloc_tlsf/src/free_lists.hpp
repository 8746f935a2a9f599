// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/assert.hpp>
#include <bit>
#include <cstdint>
#include <new>

#include "size_classes.hpp"

namespace atl::tlsf {

/// A free block, where it begins.
struct FreeBlock {
  FreeBlock* next;
  FreeBlock** link;  ///< what points here: `next` of the one before, or the list
};

/// Free blocks in a list for each class of sizes, with a bit for every list that
/// is not empty, and one for every word of such bits that is not 0 (Masmano,
/// Ripoll, Crespo, Real, "TLSF: a New Dynamic Memory Allocator for Real-Time
/// Systems", ECRTS 2004). Every operation takes constant time, and touches no
/// block but its own and those beside it in the list.
///
/// Any context; takes no lock. Asserts that nobody wrote over a block's links.
class FreeLists {
 public:
  /// Blocks are smaller than this: 512 GiB.
  static constexpr std::size_t kLimit = std::size_t{1} << 39;

  /// Takes in the block at `block` of `size` bytes, a multiple of kUnit.
  void insert(std::uintptr_t block, std::size_t size) {
    if (size < SizeClasses::kLinear)
      push(block, size / kUnit);  // with less effort
    else
      push(block, SizeClasses::index_of(size));
  }

  /// Takes the block at `block` out.
  void remove(std::uintptr_t block) {
    const FreeBlock& gone = *reinterpret_cast<FreeBlock*>(block);
    FreeBlock** const link = gone.link;
    unlink(link, gone);
    // Where the list itself pointed to the block, it may be empty now.
    const std::size_t offset =
        reinterpret_cast<std::uintptr_t>(link) - reinterpret_cast<std::uintptr_t>(lists_);
    if (gone.next != nullptr || offset >= sizeof lists_) return;
    const std::size_t list = offset / sizeof lists_[0];
    unmark(list / kBits, std::uint64_t{1} << list % kBits);
  }

  /// Takes out a block of the lowest class whose sizes all are at least `size`,
  /// a rounded one; 0 where there is none.
  std::uintptr_t take(std::size_t size) {
    const std::size_t least = SizeClasses::index_of(size);
    std::size_t word = least / kBits;
    std::uint64_t marks = marks_[word] & ~std::uint64_t{0} << least % kBits;
    if (marks == 0) {
      const unsigned words = words_ & ~1u << word;
      if (words == 0) return 0;
      word = static_cast<std::size_t>(std::countr_zero(words));
      marks = marks_[word];
    }
    return pop(word, marks);
  }
  /// The same with less effort, for a size and blocks below kLinear.
  std::uintptr_t take_small(std::size_t size) {
    static_assert(SizeClasses::index_of(SizeClasses::kLinear) == kBits);
    const std::uint64_t marks = marks_[0] & ~std::uint64_t{0} << size / kUnit;
    return marks == 0 ? 0 : pop(0, marks);
  }
  /// Whether no block has kLinear bytes or more.
  [[nodiscard]] bool only_small() const { return words_ == 0; }

  /// The largest rounded size for which take() would find a block; 0 where there
  /// is no block.
  [[nodiscard]] std::size_t largest() const {
    const auto word = static_cast<std::size_t>(std::bit_width(words_ | 1)) - 1;
    if (marks_[word] == 0) return 0;
    const auto bit = static_cast<std::size_t>(std::bit_width(marks_[word])) - 1;
    return SizeClasses::least_of(word * kBits + bit);
  }

 private:
  static constexpr std::size_t kBits = 64;
  static constexpr std::size_t kLists = SizeClasses::index_of(kLimit - 1) + 1;
  static constexpr std::size_t kWords = (kLists + kBits - 1) / kBits;
  static_assert(kWords < 32);

  [[gnu::always_inline]] void push(std::uintptr_t block, std::size_t list) {
    FreeBlock** const link = &lists_[list];
    FreeBlock* const next = *link;
    *link = ::new (reinterpret_cast<void*>(block)) FreeBlock{next, link};
    if (next != nullptr) {
      next->link = &(*link)->next;
    } else {
      const std::size_t word = list / kBits;
      marks_[word] |= std::uint64_t{1} << list % kBits;
      if (word != 0) words_ |= 1u << word;
    }
  }
  /// Takes the first block of the first list that is in `marks`, of that word.
  [[gnu::always_inline]] std::uintptr_t pop(std::size_t word, std::uint64_t marks) {
    FreeBlock** const link =
        &lists_[word * kBits + static_cast<std::size_t>(std::countr_zero(marks))];
    FreeBlock& first = **link;
    unlink(link, first);
    if (first.next == nullptr) unmark(word, marks & -marks);
    return reinterpret_cast<std::uintptr_t>(&first);
  }
  /// Takes `gone`, which `link` points to, out of its list.
  [[gnu::always_inline]] static void unlink(FreeBlock** link, const FreeBlock& gone) {
    FreeBlock* const next = gone.next;
    const bool links_intact =
        *link == &gone && gone.link == link && (next == nullptr || next->link == &gone.next);
    ATOLL_ASSERT(links_intact);
    *link = next;
    if (next != nullptr) next->link = link;
  }
  [[gnu::always_inline]] void unmark(std::size_t word, std::uint64_t bit) {
    marks_[word] ^= bit;
    if (word != 0 && marks_[word] == 0) words_ ^= 1u << word;
  }

  std::uint32_t words_ = 0;           ///< which of marks_, but for the first, are not 0
  std::uint64_t marks_[kWords] = {};  ///< which of lists_ are not empty
  FreeBlock* lists_[kLists] = {};
};

}  // namespace atl::tlsf
