// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/alloc.hpp>
#include <atoll/bits.hpp>
#include <atoll/list.hpp>
#include <atoll/lock.hpp>
#include <cstdint>

#include "free_lists.hpp"
#include "headers.hpp"

namespace atl {

/// Blocks that lie one behind the other in regions of whole pages, join with
/// free neighbours at once, and are found by tlsf::FreeLists: beside asking
/// page_alloc for pages and copying content, every operation takes a bounded
/// number of steps, whatever the heap looks like.
///
/// Lies in the first region that it takes. Context and errors: atoll/alloc.hpp.
class TlsfAllocator final : public Allocator {
 public:
  /// A new one, with three pages. kNoMemory.
  static Result<Owned<Allocator>> create();

 private:
  using Headers = tlsf::Headers;

  /// A run of pages, at whose start this lies. Blocks follow, and behind the
  /// last one a header with kEnd.
  struct Region {
    ListHook hook;
    std::size_t size = 0;
    std::uintptr_t top = 0;  ///< where its blocks end; the newest one's is in top_

    [[nodiscard]] std::uintptr_t start() const { return reinterpret_cast<std::uintptr_t>(this); }
    [[nodiscard]] std::uintptr_t end() const { return start() + size; }
    [[nodiscard]] std::uintptr_t first_block() const { return start() + kFirstBlock; }
  };
  static constexpr std::size_t kFirstBlock =
      align_up(sizeof(Region) + Headers::kBytes, tlsf::kUnit);

  struct Block {
    std::uintptr_t start;
    std::size_t size;
  };

  explicit TlsfAllocator(Region& first);
  ~TlsfAllocator() = default;

  void* do_allocate(std::size_t size, std::size_t alignment) override;
  void do_free(void* block) override;
  void* do_resize(void* block, std::size_t size) override;
  std::size_t do_usable_size(const void* block) const override;
  bool do_reuses_memory() const override { return true; }
  Statistics do_statistics() const override;
  void do_destroy() override;

  // Sizes are those of whole blocks, as `block_size()` gives them. `content` is
  // what a block's header says.
  void* allocate_any(std::size_t size, std::size_t alignment);
  Block take(std::size_t size);
  Block use(std::uintptr_t block, std::size_t size);
  Block use_top(std::size_t size);
  Block align(Block ample, std::size_t size, std::size_t alignment);
  void release(std::uintptr_t block, std::uint64_t content);
  void free_part(std::uintptr_t block, std::size_t size);
  std::uint64_t shrink(std::uintptr_t block, std::uint64_t content, std::size_t size);
  std::uint64_t grow(std::uintptr_t block, std::uint64_t content, std::size_t size);
  [[nodiscard]] std::uint64_t open_used(std::uintptr_t block) const;
  /// Makes the `size` bytes at `block` a free block, between two in use.
  void put(std::uintptr_t block, std::size_t size) {
    headers_.set(block, size | Headers::kFree);
    enlist(block, size);
  }
  /// The same, where its header says so already.
  [[gnu::always_inline]] void enlist(std::uintptr_t block, std::size_t size) {
    Headers::previous(block + size) = block;
    Headers::mark(block + size, Headers::kPreviousFree);
    lists_.insert(block, size);
  }
  /// Lets the newest region's blocks end at `top`.
  [[gnu::always_inline]] void set_top(std::uintptr_t top) {
    top_ = top;
    headers_.set(top, Headers::kEnd);
  }

  // Regions: src/regions.cpp.
  bool raise_end(std::size_t size);
  bool add_region(std::size_t size);
  void retire_newest();
  void resume_newest();
  void set_end(std::uintptr_t end);
  [[nodiscard]] std::size_t slack() const;
  void trim();
  void enlist_last(std::uintptr_t block, std::size_t size);
  void shorten(Region& region, std::uintptr_t end);
  void remove_region(Region& region);

  mutable SpinLock lock_;
  Headers headers_{this};
  Statistics now_;
  std::uintptr_t top_ = 0;  ///< from here to end_ the newest region has no blocks
  std::uintptr_t end_ = 0;
  std::uintptr_t trim_below_ = 0;        ///< where top_ falls below it, pages go back
  List<Region, &Region::hook> regions_;  ///< the newest first
  tlsf::FreeLists lists_;
};

}  // namespace atl
