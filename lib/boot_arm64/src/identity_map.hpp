// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/mapping.hpp>
#include <cstdint>

namespace atl::boot_arm64 {

/// The map that the entry runs on: virtual = physical, in the lower half, in
/// 2-MiB blocks. Neither relocated data nor the stack protector, so that it
/// works with the MMU off.
class IdentityMap {
 public:
  static constexpr std::uint64_t kBlock = 2 * 1024 * 1024;

  /// `root` is a page of zeros; further tables are the pages below `top`, down
  /// to `bottom`.
  IdentityMap(std::uint64_t root, std::uint64_t top, std::uint64_t bottom)
      : root_(root), top_(top), bottom_(bottom) {}

  /// Maps the blocks that hold [start, end). False when there are no pages
  /// left, or the range ends beyond 48 bits. A block that is mapped stays as it
  /// is. With the MMU on, what is new can be used after a barrier.
  bool map(std::uint64_t start, std::uint64_t end, arch::Memory memory);

  /// The lowest page in use.
  [[nodiscard]] std::uint64_t top() const { return top_; }

 private:
  std::uint64_t root_;
  std::uint64_t top_;
  std::uint64_t bottom_;
};

}  // namespace atl::boot_arm64
