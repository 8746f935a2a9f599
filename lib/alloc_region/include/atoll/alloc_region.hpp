// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/alloc.hpp>
#include <atoll/lock.hpp>
#include <cstdint>

namespace atl {

/// Hands out memory in ascending order and never reuses any, except the block
/// that was allocated last: for programs that allocate at their start, or run
/// shortly. Each block costs 8 bytes and rounding to 16.
///
/// Lies in the first page that it takes. Context and errors: atoll/alloc.hpp.
class RegionAllocator final : public Allocator {
 public:
  /// A new one, with one page. kNoMemory.
  static Result<Owned<Allocator>> create();

 private:
  struct Chunk;

  explicit RegionAllocator(Chunk& first);
  ~RegionAllocator() = default;

  void* do_allocate(std::size_t size, std::size_t alignment) override;
  void do_free(void* block) override;
  void* do_resize(void* block, std::size_t size) override;
  std::size_t do_usable_size(const void* block) const override;
  bool do_reuses_memory() const override { return false; }
  Statistics do_statistics() const override;
  void do_destroy() override;

  bool extend(std::uintptr_t end);
  Chunk* add_chunk(std::size_t bytes);
  bool resize_last(std::uintptr_t block, std::size_t old_size, std::size_t size);

  mutable SpinLock lock_;
  Chunk* chunks_;       ///< all, for the end
  Chunk* current_;      ///< where blocks come from
  std::uintptr_t top_;  ///< the first byte of current_ that is free
  Statistics now_;
};

}  // namespace atl
