// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/types.hpp>
#include <cstdint>

namespace atl::page_alloc {

/// A run of free pages. It lies in the first of them, so that bookkeeping
/// takes no memory of its own.
struct Extent {
  Extent* parent;
  Extent* left;   ///< lower addresses
  Extent* right;  ///< higher addresses
  std::uint64_t pages;
  std::uint64_t largest;   ///< the most pages of one extent in this subtree
  std::uint64_t priority;  ///< not above the parent's
  std::uint64_t mark;      ///< tells a run that nobody wrote into after freeing it

  [[nodiscard]] std::uintptr_t start() const { return reinterpret_cast<std::uintptr_t>(this); }
  [[nodiscard]] std::uintptr_t end() const { return start() + (pages << kPageShift); }
};

/// Free extents ordered by address: a treap (Seidel and Aragon, "Randomized
/// search trees", 1996) in which each node knows the largest extent under it.
/// Every operation takes expected logarithmic time and no recursion.
///
/// Extents never touch: whoever inserts joins neighbours first.
class ExtentTree {
 public:
  constexpr ExtentTree() = default;
  ExtentTree(const ExtentTree&) = delete;
  ExtentTree& operator=(const ExtentTree&) = delete;

  /// Makes [start, start + pages) an extent, writing to its first page.
  void insert(std::uintptr_t start, std::uint64_t pages);
  void remove(Extent& extent);
  /// Drops the first `pages` pages of `extent`, which has more.
  void shrink_front(Extent& extent, std::uint64_t pages);
  /// Changes where `extent` ends.
  void set_pages(Extent& extent, std::uint64_t pages);

  /// The extent with the highest start at or below `address`, and the one after
  /// it; null where there is none.
  struct Neighbours {
    Extent* below = nullptr;
    Extent* above = nullptr;
  };
  [[nodiscard]] Neighbours around(std::uintptr_t address) const;

  /// The lowest extent of at least `pages` pages; null where there is none.
  [[nodiscard]] Extent* first(std::uint64_t pages) const { return first_in(root_, pages); }
  /// The next one above `extent`.
  [[nodiscard]] static Extent* next(const Extent& extent, std::uint64_t pages);

  [[nodiscard]] std::uint64_t largest() const { return root_ == nullptr ? 0 : root_->largest; }

 private:
  static Extent* first_in(Extent* root, std::uint64_t pages);
  static void refresh_upwards(Extent* extent);
  Extent*& link_to(Extent& extent);

  Extent* root_ = nullptr;
};

}  // namespace atl::page_alloc
