// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/owned.hpp>
#include <atoll/result.hpp>
#include <atoll/types.hpp>
#include <cstddef>
#include <cstring>

namespace atl {

/// Bytes of memory. An allocator is an object: an image may hold several. Not
/// from an interrupt handler; never blocks; safe on several CPUs.
///
/// Blocks in use never overlap, and nobody but their holder writes to them.
/// Callers must not rely on contents of fresh memory, nor on addresses.
class Allocator {
 public:
  struct Statistics {
    std::size_t in_use = 0;        ///< of the blocks handed out, with what each costs
    std::size_t peak = 0;          ///< the most that was in use
    std::size_t reserved = 0;      ///< bytes taken from page_alloc
    std::size_t largest_free = 0;  ///< what one allocation could still get without new pages

    /// Notes that blocks of `more` bytes went out and such of `less` came back.
    void count(std::size_t more, std::size_t less) {
      in_use += more - less;
      if (in_use > peak) peak = in_use;
    }
  };

  Allocator(const Allocator&) = delete;
  Allocator& operator=(const Allocator&) = delete;

  /// At least `size` bytes aligned to `alignment` (a power of two, at least
  /// alignof(max_align_t) is given); null when there is no memory or
  /// `alignment` is no power of two. `size` 0 gives a distinct pointer.
  [[nodiscard]] void* allocate(std::size_t size,
                               std::size_t alignment = alignof(std::max_align_t)) {
    return do_allocate(size, alignment);
  }

  /// Gives back what allocate() or resize() of this allocator gave; null does
  /// nothing. Giving a block back twice in a row is a bug of the caller: an
  /// assertion.
  void free(void* block) {
    if (block != nullptr) do_free(block);
  }

  /// `block` with room for `size` bytes: in place or moved with its content,
  /// aligned to max_align_t. Null, and `block` untouched, without memory.
  [[nodiscard]] void* resize(void* block, std::size_t size) {
    return block == nullptr ? allocate(size) : do_resize(block, size);
  }

  /// The bytes that may be used at `block`: at least what was asked for.
  [[nodiscard]] std::size_t usable_size(const void* block) const { return do_usable_size(block); }

  /// Whether freed memory can be allocated again (alloc_region: no).
  [[nodiscard]] bool reuses_memory() const { return do_reuses_memory(); }

  [[nodiscard]] Statistics statistics() const { return do_statistics(); }

  /// Ends an allocator that Owned<Allocator> holds: every page goes back to
  /// page_alloc, blocks that are still in use included.
  static void destroy(Allocator& allocator) { allocator.do_destroy(); }

 protected:
  constexpr Allocator() = default;
  ~Allocator() = default;

  /// For do_resize(), where `block` of `old_size` bytes cannot stay: its content
  /// in another one of `size` bytes, and `block` freed. Null, and `block`
  /// untouched, without memory. The provider's lock is not held.
  void* move(void* block, std::size_t old_size, std::size_t size) {
    void* const moved = allocate(size);
    if (moved == nullptr) return nullptr;
    std::memcpy(moved, block, size < old_size ? size : old_size);
    free(block);
    return moved;
  }

 private:
  virtual void* do_allocate(std::size_t size, std::size_t alignment) = 0;
  virtual void do_free(void* block) = 0;
  virtual void* do_resize(void* block, std::size_t size) = 0;
  virtual std::size_t do_usable_size(const void* block) const = 0;
  virtual bool do_reuses_memory() const = 0;
  virtual Statistics do_statistics() const = 0;
  virtual void do_destroy() = 0;
};

/// The one that the menu chose for malloc and for kernel objects. Ready after
/// the boot step of `alloc`.
Allocator& default_allocator();

/// A further allocator of the kind that the menu chose, holding nothing yet:
/// for memory that is dropped as a whole, and for tests. kNoMemory. What a
/// provider defines; default_allocator() is the first one.
Result<Owned<Allocator>> create_allocator();

}  // namespace atl
