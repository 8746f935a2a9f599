// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "extent_tree.hpp"

#include <algorithm>
#include <atoll/assert.hpp>
#include <new>

namespace atl::page_alloc {
namespace {

constexpr std::uint64_t kMark = 0x6672656570616765;

std::uint64_t mark_of(const Extent& extent) { return kMark ^ extent.start(); }

/// Knuth's multiplicative hash (TAOCP 3, §6.4): neighbouring pages get unlike
/// priorities.
std::uint64_t priority_of(std::uintptr_t start) {
  std::uint64_t mixed = (start >> kPageShift) * 0x9e3779b97f4a7c15;
  return mixed ^ mixed >> 29;
}

/// A run of free pages was written to by whoever freed it, where this fails.
Extent& intact(Extent& extent) {
  const bool untouched_since_free = extent.mark == mark_of(extent);
  ATOLL_ASSERT(untouched_since_free);
  return extent;
}

/// The most pages of one extent under `root`, which may be null.
std::uint64_t largest_in(Extent* root) { return root == nullptr ? 0 : intact(*root).largest; }

void set_parent(Extent* child, Extent* parent) {
  if (child != nullptr) child->parent = parent;
}

}  // namespace

Extent*& ExtentTree::link_to(Extent& extent) {
  Extent* const parent = extent.parent;
  if (parent == nullptr) return root_;
  return parent->left == &extent ? parent->left : parent->right;
}

void ExtentTree::refresh_upwards(Extent* extent) {
  for (; extent != nullptr; extent = extent->parent)
    extent->largest =
        std::max({extent->pages, largest_in(extent->left), largest_in(extent->right)});
}

void ExtentTree::insert(std::uintptr_t start, std::uint64_t pages) {
  Extent& fresh = *::new (reinterpret_cast<void*>(start)) Extent;
  fresh.pages = pages;
  fresh.priority = priority_of(start);
  fresh.mark = mark_of(fresh);

  Extent* parent = nullptr;
  Extent** link = &root_;
  while (*link != nullptr && intact(**link).priority >= fresh.priority) {
    parent = *link;
    link = start < parent->start() ? &parent->left : &parent->right;
  }
  Extent* rest = *link;
  *link = &fresh;
  fresh.parent = parent;

  // What was there is split in two by address: along the way down, lower
  // extents are appended at the right edge of one half, higher ones at the left
  // edge of the other.
  Extent* low_edge = &fresh;
  Extent* high_edge = &fresh;
  Extent** low = &fresh.left;
  Extent** high = &fresh.right;
  while (rest != nullptr) {
    if (intact(*rest).start() < start) {
      *low = rest;
      rest->parent = low_edge;
      low_edge = rest;
      low = &rest->right;
      rest = *low;
    } else {
      *high = rest;
      rest->parent = high_edge;
      high_edge = rest;
      high = &rest->left;
      rest = *high;
    }
  }
  *low = nullptr;
  *high = nullptr;
  if (low_edge != &fresh) refresh_upwards(low_edge);
  refresh_upwards(high_edge);
}

void ExtentTree::remove(Extent& extent) {
  Extent** link = &link_to(intact(extent));
  Extent* parent = extent.parent;
  Extent* low = extent.left;
  Extent* high = extent.right;
  while (low != nullptr && high != nullptr) {
    Extent*& upper = low->priority >= high->priority ? low : high;
    *link = upper;
    upper->parent = parent;
    parent = upper;
    link = upper == low ? &upper->right : &upper->left;
    upper = *link;
  }
  *link = low != nullptr ? low : high;
  set_parent(*link, parent);
  extent.mark = 0;
  refresh_upwards(parent);
}

void ExtentTree::shrink_front(Extent& extent, std::uint64_t pages) {
  const std::uintptr_t start = intact(extent).start() + (pages << kPageShift);
  Extent* const moved = ::new (reinterpret_cast<void*>(start)) Extent(extent);
  link_to(extent) = moved;
  moved->mark = mark_of(*moved);
  extent.mark = 0;
  set_parent(moved->left, moved);
  set_parent(moved->right, moved);
  set_pages(*moved, extent.pages - pages);
}

void ExtentTree::set_pages(Extent& extent, std::uint64_t pages) {
  extent.pages = pages;
  refresh_upwards(&extent);
}

ExtentTree::Neighbours ExtentTree::around(std::uintptr_t address) const {
  Neighbours found;
  for (Extent* at = root_; at != nullptr;) {
    if (intact(*at).start() <= address) {
      found.below = at;
      at = at->right;
    } else {
      found.above = at;
      at = at->left;
    }
  }
  return found;
}

Extent* ExtentTree::first_in(Extent* root, std::uint64_t pages) {
  if (largest_in(root) < pages) return nullptr;
  for (;;) {
    if (largest_in(root->left) >= pages)
      root = root->left;
    else if (root->pages >= pages)
      return root;
    else
      root = root->right;
  }
}

Extent* ExtentTree::next(const Extent& extent, std::uint64_t pages) {
  if (Extent* const found = first_in(extent.right, pages)) return found;
  for (const Extent* at = &extent; at->parent != nullptr; at = at->parent) {
    if (at != at->parent->left) continue;
    if (at->parent->pages >= pages) return at->parent;
    if (Extent* const found = first_in(at->parent->right, pages)) return found;
  }
  return nullptr;
}

}  // namespace atl::page_alloc
