// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/alloc.hpp>
#include <atoll/lock.hpp>
#include <atoll/tree.hpp>
#include <cstdint>

namespace atl {

/// The places that a call came through, innermost first; 0 behind the last.
using CallPlaces = std::array<std::uintptr_t, 8>;

/// What a DebugAllocator knows of a block; lies before it, with a guard between.
struct DebugBlock {
  TreeHook hook;
  DebugBlock* next_freed = nullptr;
  std::size_t size = 0;
  std::size_t offset = 0;    ///< from the block of the allocator below
  std::uint64_t number = 0;  ///< of the allocation
  CallPlaces allocated{};
  CallPlaces freed{};

  [[nodiscard]] std::uintptr_t start() const;
  [[nodiscard]] std::byte* bytes() const { return reinterpret_cast<std::byte*>(start()); }

  struct Before {
    bool operator()(const DebugBlock& a, const DebugBlock& b) const { return &a < &b; }
    bool operator()(std::uintptr_t address, const DebugBlock& block) const {
      return address < block.start();
    }
  };
};

/// What can be wrong with the use of a heap.
enum class Misuse : std::uint8_t {
  kDoubleFree,      ///< freed before
  kForeign,         ///< no block: never was one, or long ago
  kInside,          ///< an address within a block
  kOverflow,        ///< the guard behind a block was written to
  kUnderflow,       ///< the guard before it was
  kWriteAfterFree,  ///< the poison of a freed block was
};

/// Stands before another allocator and watches how it is used. Fresh memory holds 0xa5,
/// freed memory 0xdf for as long as it is kept back: some blocks and 64 KiB. A block has
/// a guard of 16 bytes before it and one behind it, which are looked at when it is freed
/// or resized; resize() always moves.
///
/// Context and errors: atoll/alloc.hpp; it costs some 240 bytes for each block, and the
/// logarithm of their number. What is found wrong is handed to `report`, which does not
/// return.
class DebugAllocator final : public Allocator {
 public:
  /// `block` is the one concerned, or the one that `address` lies in; else null.
  using Report = void (*)(Misuse misuse, std::uintptr_t address, const DebugBlock* block);

  static constexpr std::size_t kGuardBytes = 16;

  /// kNoMemory.
  static Result<Owned<Allocator>> create(Owned<Allocator> watched, Report report);

  /// The number that the next allocation gets.
  [[nodiscard]] std::uint64_t next_number() const { return next_number_; }

  /// Calls `function(block)` for each block in use, by address. Takes no lock: for the
  /// end of an image.
  template <typename Function>
  void for_each(Function function) const {
    for (DebugBlock* block = live_.first(); block != nullptr; block = live_.next(*block))
      function(*block);
  }
  /// The block in use that `address` lies in, its end included; or null. No lock, too.
  [[nodiscard]] DebugBlock* block_at(std::uintptr_t address) const;

 private:
  using Blocks = Tree<DebugBlock, &DebugBlock::hook, DebugBlock::Before>;

  DebugAllocator(Owned<Allocator> watched, Report report)
      : watched_(std::move(watched)), report_(report) {}
  ~DebugAllocator() = default;

  void* do_allocate(std::size_t size, std::size_t alignment) override;
  void do_free(void* block) override;
  void* do_resize(void* block, std::size_t size) override;
  std::size_t do_usable_size(const void* block) const override;
  bool do_reuses_memory() const override { return watched_->reuses_memory(); }
  Statistics do_statistics() const override;
  void do_destroy() override;

  DebugBlock& find(const void* block) const;
  void check_guards(const DebugBlock& block) const;
  void release_kept(std::size_t most);

  Owned<Allocator> watched_;
  Report report_;
  mutable SpinLock lock_;
  Blocks live_;
  Blocks freed_;
  DebugBlock* oldest_freed_ = nullptr;
  DebugBlock* newest_freed_ = nullptr;
  std::size_t kept_ = 0;  ///< bytes of what is freed and kept back
  std::uint64_t next_number_ = 0;
  Statistics now_;
};

}  // namespace atl
