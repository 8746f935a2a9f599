// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/alloc.hpp>
#include <atoll/list.hpp>
#include <atoll/lock.hpp>
#include <atoll/tree.hpp>
#include <cstdint>

namespace atl {

/// Binary buddies (Knuth, TAOCP 1, §2.5) of 16 to 2,048 bytes within pages,
/// and whole pages for what is larger. A block of 2^n bytes is aligned to 2^n
/// and has no header. Pages that nothing uses go back to page_alloc, save one.
///
/// Lies in the first page that it takes. Context and errors: atoll/alloc.hpp.
/// A block that is freed twice, and a pointer that is no block of this
/// allocator, are found always.
class BuddyAllocator final : public Allocator {
 public:
  /// A new one, with one page. kNoMemory.
  static Result<Owned<Allocator>> create();

 private:
  static constexpr unsigned kOrders = 8;  ///< 16 << 0 .. 16 << 7 bytes

  class Page;

  struct FreeBlock {
    ListHook hook;
  };

  /// A run of pages that one block has for itself.
  struct Run {
    TreeHook hook;
    std::uintptr_t start;
    std::uint64_t pages;
  };
  struct ByStart {
    bool operator()(const Run& left, const Run& right) const { return left.start < right.start; }
    bool operator()(const Run& run, std::uintptr_t start) const { return run.start < start; }
  };

  explicit BuddyAllocator(Page& first);
  ~BuddyAllocator() = default;

  void* do_allocate(std::size_t size, std::size_t alignment) override;
  void do_free(void* block) override;
  void* do_resize(void* block, std::size_t size) override;
  std::size_t do_usable_size(const void* block) const override;
  bool do_reuses_memory() const override { return true; }
  Statistics do_statistics() const override;
  void do_destroy() override;

  // Small blocks: src/small_blocks.cpp.
  void* allocate_small(unsigned order);
  void free_small(void* block);
  bool resize_small(std::uintptr_t block, unsigned order);
  [[nodiscard]] Page& page_of(std::uintptr_t block) const;
  void add_page(Page& page, std::uintptr_t first_block);
  Page* allocate_page();
  void free_page(Page& page);
  bool free_spare_page();
  void push(std::uintptr_t block, unsigned order);
  void drop(std::uintptr_t block, unsigned order);

  // Whole pages: src/runs.cpp.
  void* allocate_run(PageCount pages, PageCount alignment);
  void free_run(void* block);
  bool resize_run(std::uintptr_t block, PageCount pages);
  [[nodiscard]] Run& run_of(std::uintptr_t block) const;

  [[nodiscard]] std::size_t size_of(std::uintptr_t block) const;
  void count(std::size_t more, std::size_t less);

  mutable SpinLock lock_;
  List<FreeBlock, &FreeBlock::hook> free_[kOrders];
  Tree<Run, &Run::hook, ByStart> runs_;
  Page* pages_ = nullptr;  ///< all, linked both ways
  Page* spare_ = nullptr;  ///< the one that holds nothing and is kept
  Statistics now_;
};

}  // namespace atl
