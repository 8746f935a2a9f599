// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/alloc.hpp>
#include <atoll/arch.hpp>
#include <atoll/lock.hpp>
#include <atomic>

#include "port.h"

namespace atl {

/// mimalloc's heaps, one for each CPU, behind the contract of atoll/alloc.hpp. A block
/// comes from the heap of the CPU that asks and goes back, under its lock, to the heap
/// it came from: neither heap nor block knows threads.
///
/// Lies with the heaps in pages of its own. Context and errors: atoll/alloc.hpp.
class MimallocAllocator final : public Allocator {
 public:
  /// A new one, without memory for blocks. kNoMemory.
  static Result<Owned<Allocator>> create();

 private:
  struct CpuHeap {
    SpinLock lock;
    atoll_mi_heap* heap = nullptr;
  };

  MimallocAllocator() = default;
  ~MimallocAllocator() = default;

  void* do_allocate(std::size_t size, std::size_t alignment) override;
  void do_free(void* block) override;
  void* do_resize(void* block, std::size_t size) override;
  std::size_t do_usable_size(const void* block) const override;
  bool do_reuses_memory() const override { return true; }
  Statistics do_statistics() const override;
  void do_destroy() override;

  [[gnu::noinline]] void* allocate_any(std::size_t size, std::size_t alignment);
  CpuHeap& here();
  CpuHeap& owner_of(const void* block);
  void note(std::size_t before, const atoll_mi_heap& heap);

  mutable std::array<CpuHeap, kMaxCpus> heaps_;
  PageCount pages_;
  /// Of all heaps; with one CPU its heap counts.
  std::atomic<std::size_t> in_use_ = 0;
  std::atomic<std::size_t> peak_ = 0;
};

}  // namespace atl
