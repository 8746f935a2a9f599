// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/list.hpp>
#include <atoll/result.hpp>
#include <atoll/tree.hpp>
#include <atoll/types.hpp>
#include <cstddef>
#include <cstdint>

namespace atl::mimalloc {

/// A range of addresses with memory behind the parts that are in use: what mimalloc
/// takes from an operating system. Memory comes and goes by chunks of 64 KiB.
///
/// Lies, with a word for each chunk, in pages of its own. Not from an interrupt handler,
/// never blocks; takes no lock.
class AddressSpace {
 public:
  static constexpr std::size_t kChunkBytes = std::size_t{64} << 10;

  /// `bytes`, whole chunks, aligned to `alignment`, which is a power of two and not
  /// below a chunk. kNoMemory.
  static Result<AddressSpace*> create(std::size_t bytes, std::size_t alignment);
  /// Gives back everything; how many bytes of memory that was.
  static std::size_t destroy(AddressSpace& space);

  [[nodiscard]] VirtAddr start() const { return start_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  /// What it takes beside its chunks.
  [[nodiscard]] std::size_t own_bytes() const { return own_pages_.bytes(); }

  /// Puts memory behind each chunk that [start, start + bytes) touches: how many bytes
  /// came. kNoMemory, and nothing has changed.
  Result<std::size_t> commit(VirtAddr start, std::size_t bytes);
  /// Takes it away from each chunk that lies in [start, start + bytes): how many bytes
  /// went.
  std::size_t decommit(VirtAddr start, std::size_t bytes);

  struct Before {
    bool operator()(const AddressSpace& a, const AddressSpace& b) const {
      return a.start_ < b.start_;
    }
    bool operator()(VirtAddr address, const AddressSpace& space) const {
      return address < space.start_ + space.bytes_;
    }
  };
  TreeHook hook;

 private:
  static constexpr PageCount kChunkPages = PageCount::holding(kChunkBytes);
  /// Of a chunk that commit() has just put there.
  static constexpr std::uint32_t kNew = std::uint32_t{1} << 31;

  AddressSpace() = default;
  ~AddressSpace() = default;

  /// The number of the first page behind each chunk; 0: nothing is. Behind this.
  std::uint32_t* frames() { return reinterpret_cast<std::uint32_t*>(this + 1); }
  VirtAddr address_of(std::size_t chunk) { return start_ + chunk * kChunkBytes; }
  bool fill(std::size_t chunk);
  void empty(std::size_t chunk);

  VirtAddr start_;
  std::size_t bytes_ = 0;
  VirtAddr reserved_;  ///< where what vm gave begins
  PageCount reserved_pages_;
  PageCount own_pages_;
};

}  // namespace atl::mimalloc
