// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/alloc_debug.hpp>

namespace atl::alloc_debug {

/// Blocks in use that nothing knows any more as the image ends: no word of the image's
/// data names them or their inside, no block of the boot, and no block that is known
/// itself. What only a stack names is lost, since the program has ended.
///
/// Looks conservatively: a number that happens to be an address keeps a block.
class Leaks {
 public:
  Leaks(DebugAllocator& heap, std::uint64_t first_of_program)
      : heap_(heap), first_(first_of_program) {}

  /// Marks what is known. Words of all known memory, times the logarithm of the blocks.
  void find();
  /// A report of what is not; nothing where all is.
  void write();

 private:
  void look_at(const std::uintptr_t* from, const std::uintptr_t* end);
  void mark(DebugBlock& block);

  DebugAllocator& heap_;
  std::uint64_t first_;
  DebugBlock* to_look_at_ = nullptr;  ///< known, its words not read; by next_freed
};

}  // namespace atl::alloc_debug
