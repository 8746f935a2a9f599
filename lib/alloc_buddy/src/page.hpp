// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/alloc_buddy.hpp>
#include <atoll/types.hpp>
#include <bit>
#include <cstring>

namespace atl {

inline constexpr unsigned kUnitShift = 4;
inline constexpr std::size_t kUnit = std::size_t{1} << kUnitShift;
inline constexpr std::size_t kLargestSmall = kPageSize / 2;
static_assert(kUnit == alignof(std::max_align_t));

constexpr std::size_t size_of_order(unsigned order) { return kUnit << order; }

/// The order that holds `size` bytes, at most kLargestSmall.
constexpr unsigned order_for(std::size_t size) {
  return size <= kUnit ? 0 : static_cast<unsigned>(std::bit_width(size - 1)) - kUnitShift;
}

/// A page of small blocks. This header lies at its start, so that no small
/// block begins a page: a pointer to the start of a page is a run's.
class BuddyAllocator::Page {
 public:
  explicit Page(const BuddyAllocator* owner) : owner_(owner) {
    std::memset(states_, kNothing << 4 | kNothing, sizeof states_);
  }

  [[nodiscard]] static Page& around(std::uintptr_t block) {
    return *reinterpret_cast<Page*>(block & ~(kPageSize - 1));
  }
  [[nodiscard]] std::uintptr_t start() const { return reinterpret_cast<std::uintptr_t>(this); }
  [[nodiscard]] std::uintptr_t end() const { return start() + kPageSize; }
  [[nodiscard]] bool owned_by(const BuddyAllocator& owner) const { return owner_ == &owner; }

  /// Whether a block in use begins at `block`; then order_of() is its order.
  [[nodiscard]] bool is_used(std::uintptr_t block) const {
    return block % kUnit == 0 && (state(block) & kFree) == 0;
  }
  [[nodiscard]] unsigned order_of(std::uintptr_t block) const { return state(block); }
  /// Whether a free block of `order`, below the highest, begins at `block`.
  [[nodiscard]] bool is_free(std::uintptr_t block, unsigned order) const {
    return state(block) == (kFree | order);
  }
  void set_used(std::uintptr_t block, unsigned order) { set_state(block, order); }
  void set_free(std::uintptr_t block, unsigned order) { set_state(block, kFree | order); }

  Page* next = nullptr;
  Page* previous = nullptr;
  std::size_t used = 0;  ///< bytes in blocks that are in use

 private:
  // Per 16 bytes: the order of the block that begins there, and whether it is
  // free. Where none begins nothing is ever "used", which is what finds a
  // second free. The header has kNothing: nobody asks whether a block of the
  // highest order is free, since it has no buddy to join.
  static constexpr unsigned kFree = 8;
  static constexpr unsigned kNothing = kFree | (kOrders - 1);

  [[nodiscard]] static unsigned shift_of(std::uintptr_t block) {
    return block >> kUnitShift & 1 ? 4 : 0;
  }
  [[nodiscard]] static std::size_t index_of(std::uintptr_t block) {
    return block % kPageSize >> (kUnitShift + 1);
  }
  [[nodiscard]] unsigned state(std::uintptr_t block) const {
    return static_cast<unsigned>(states_[index_of(block)]) >> shift_of(block) & 15;
  }
  void set_state(std::uintptr_t block, unsigned value) {
    std::uint8_t& pair = states_[index_of(block)];
    const unsigned shift = shift_of(block);
    pair = static_cast<std::uint8_t>((pair & ~(15u << shift)) | value << shift);
  }

  const BuddyAllocator* owner_;
  std::uint8_t states_[kPageSize / kUnit / 2];
};

}  // namespace atl
