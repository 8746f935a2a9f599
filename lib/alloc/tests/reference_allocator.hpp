// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/alloc.hpp>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <map>
#include <new>

namespace atl::alloc_conformance {

/// What can be wrong with a ReferenceAllocator.
enum class Fault {
  kNone,
  kMisaligns,  ///< by 8 bytes
  kAcceptsAnyAlignment,
  kSharesZeroBytes,  ///< one block for all requests of no bytes
  kRefusesZeroBytes,
  kHandsOutTwice,  ///< a block in use
  kUnderstatesUsableSize,
  kResizeLosesContent,
  kResizeMisaligns,
  kResizeDamagesOnFailure,
  kWrapsHugeSizes,
  kFreesNothing,
  kWritesToOthers,  ///< when freeing
  kForgetsFreedInUse,
  kForgetsResizedInUse,
  kPeakIsInUse,
  kOverstatesLargestFree,
  kIgnoresCapacity,  ///< of resize()
};

/// The host's malloc behind the contract of atoll/alloc.hpp, with at most one
/// fault.
class ReferenceAllocator final : public Allocator {
 public:
  explicit ReferenceAllocator(Fault fault) : fault_(fault) {}
  ~ReferenceAllocator() {
    for (const auto& [block, size] : kept_) std::free(base(block));
    for (const auto& [block, size] : sizes_) std::free(base(block));
  }

 private:
  static constexpr std::size_t kCapacity = std::size_t{4} << 20;

  [[nodiscard]] bool is(Fault fault) const { return fault_ == fault; }
  /// Where the host's block begins.
  [[nodiscard]] static void* base(void* block) {
    return reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(block) & ~std::uintptr_t{15});
  }

  void* do_allocate(std::size_t size, std::size_t alignment) override {
    if (!std::has_single_bit(alignment) && !is(Fault::kAcceptsAnyAlignment)) return nullptr;
    if (size == 0 && is(Fault::kRefusesZeroBytes)) return nullptr;
    if (size == 0 && is(Fault::kSharesZeroBytes)) return &zero_;
    if (size + 64 < size && is(Fault::kWrapsHugeSizes)) size += 64;
    if (alignment < 16 || !std::has_single_bit(alignment)) alignment = 16;
    if (size > kCapacity - now_.in_use || alignment > kCapacity) return nullptr;
    if (is(Fault::kHandsOutTwice) && ++calls_ > 16 && !sizes_.empty() &&
        sizes_.rbegin()->second >= size && alignment == 16)
      return sizes_.rbegin()->first;
    if (size == 0) size = 1;
    const std::size_t room = (size + 16 + alignment - 1) & ~(alignment - 1);
    void* block = std::aligned_alloc(alignment, room);
    if (is(Fault::kMisaligns)) block = static_cast<char*>(block) + 8;
    sizes_[block] = size;
    now_.count(size, 0);
    return block;
  }

  void do_free(void* block) override {
    if (block == &zero_) return;
    const auto found = sizes_.find(block);
    if (found == sizes_.end()) return;
    if (is(Fault::kFreesNothing)) {
      kept_.insert(*found);
      sizes_.erase(found);
      return;
    }
    now_.count(0, is(Fault::kForgetsFreedInUse) ? 0 : found->second);
    // Whoever else was given the block still reads it.
    if (is(Fault::kHandsOutTwice))
      kept_.insert(*found);
    else
      std::free(base(block));
    sizes_.erase(found);
    if (is(Fault::kWritesToOthers) && ++calls_ % 16 == 0 && !sizes_.empty())
      *static_cast<unsigned char*>(sizes_.begin()->first) ^= 1;
  }

  void* do_resize(void* block, std::size_t size) override {
    const std::size_t old = do_usable_size(block);
    void* moved = is(Fault::kIgnoresCapacity) && size > kCapacity ? block : allocate(size);
    if (moved == nullptr) {
      if (is(Fault::kResizeDamagesOnFailure)) std::memset(block, 0xdd, old);
      return nullptr;
    }
    if (moved == block) return block;
    if (!is(Fault::kResizeLosesContent)) std::memcpy(moved, block, size < old ? size : old);
    if (is(Fault::kForgetsResizedInUse)) now_.in_use += old;
    free(block);
    if (!is(Fault::kResizeMisaligns) || size == 0) return moved;
    const std::size_t usable = sizes_[moved];
    sizes_.erase(moved);
    std::memmove(static_cast<char*>(moved) + 8, moved, usable);
    moved = static_cast<char*>(moved) + 8;
    sizes_[moved] = usable;
    return moved;
  }

  std::size_t do_usable_size(const void* block) const override {
    const auto found = sizes_.find(const_cast<void*>(block));
    if (found == sizes_.end()) return 1;
    return found->second - (is(Fault::kUnderstatesUsableSize) ? 1 : 0);
  }
  bool do_reuses_memory() const override { return true; }
  Statistics do_statistics() const override {
    Statistics copy = now_;
    copy.reserved = copy.in_use + 4096;
    if (is(Fault::kPeakIsInUse)) copy.peak = copy.in_use;
    if (is(Fault::kOverstatesLargestFree)) copy.largest_free = 4096;
    if (is(Fault::kOverstatesLargestFree)) copy.reserved = copy.in_use + 4096 + now_.peak / 2;
    return copy;
  }
  void do_destroy() override { delete this; }

  Fault fault_;
  unsigned calls_ = 0;
  max_align_t zero_{};
  std::map<void*, std::size_t> sizes_;
  std::map<void*, std::size_t> kept_;
  Statistics now_;
};

}  // namespace atl::alloc_conformance
