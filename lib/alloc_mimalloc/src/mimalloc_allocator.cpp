// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "mimalloc_allocator.hpp"

#include <algorithm>
#include <atoll/assert.hpp>
#include <atoll/bits.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/page_alloc.hpp>
#include <bit>
#include <new>

namespace atl {
namespace {

/// The most that mimalloc is asked for: beyond it sizes would wrap.
constexpr std::size_t kLargest = std::size_t{1} << 44;

constexpr bool kOneCpu = kMaxCpus == 1;
/// Whether a SpinLock does anything.
constexpr bool kLocks = !kOneCpu || config::lock::kPreemption || config::lock::kDebug;

}  // namespace

Result<Owned<Allocator>> MimallocAllocator::create() {
  const std::size_t heap_bytes = align_up(atoll_mi_heap_size, kAtollMiHeapAlignment);
  const std::size_t own_bytes = align_up(sizeof(MimallocAllocator), kAtollMiHeapAlignment);
  const PageCount pages = PageCount::holding(own_bytes + kMaxCpus * heap_bytes);
  const VirtAddr start = to_virtual(TRY(page_alloc::allocate(pages)));
  auto& self = *::new (start.as()) MimallocAllocator;
  self.pages_ = pages;
  auto* room = start.as<std::byte>() + own_bytes;
  for (CpuHeap& cpu : self.heaps_) {
    cpu.heap = atoll_mi_heap_make(room);
    room += heap_bytes;
  }
  return Owned<Allocator>{&self};
}

void MimallocAllocator::do_destroy() {
  for (CpuHeap& cpu : heaps_) atoll_mi_heap_end(cpu.heap);
  const PageCount pages = pages_;
  this->~MimallocAllocator();
  page_alloc::free(to_physical(VirtAddr::of(this)), pages);
}

/// The heap of the CPU that this runs on, or ran on just now: whoever takes its lock may
/// use it from another, too.
MimallocAllocator::CpuHeap& MimallocAllocator::here() {
  if constexpr (kOneCpu) return heaps_[0];
  return heaps_[arch::Cpu::cpu_local().index];
}

/// The heap that `block`, in use, came from. With one CPU mimalloc looks for itself.
MimallocAllocator::CpuHeap& MimallocAllocator::owner_of(const void* block) {
  if constexpr (kOneCpu) return heaps_[0];
  const atoll_mi_heap* const owner = atoll_mi_owner(block);
  for (CpuHeap& cpu : heaps_)
    if (cpu.heap == owner) return cpu;
  atoll_mi_misused();
}

/// Counts for all heaps what was just done to one whose count was `before`.
void MimallocAllocator::note(std::size_t before, const atoll_mi_heap& heap) {
  if constexpr (kOneCpu) return;
  const std::size_t change = atoll_mi_in_use(&heap) - before;
  const std::size_t now = in_use_.fetch_add(change, std::memory_order_relaxed) + change;
  std::size_t peak = peak_.load(std::memory_order_relaxed);
  while (now > peak && static_cast<std::ptrdiff_t>(change) > 0 &&
         !peak_.compare_exchange_weak(peak, now, std::memory_order_relaxed)) {
  }
}

void* MimallocAllocator::do_allocate(std::size_t size, std::size_t alignment) {
  if constexpr (kOneCpu && !kLocks)
    if (alignment == alignof(std::max_align_t)) [[likely]]
      return atoll_mi_allocate(heaps_[0].heap, size);
  return allocate_any(size, alignment);
}

void* MimallocAllocator::allocate_any(std::size_t size, std::size_t alignment) {
  if (!std::has_single_bit(alignment) || size > kLargest) return nullptr;
  CpuHeap& cpu = here();
  Guard guard{cpu.lock};
  const std::size_t before = atoll_mi_in_use(cpu.heap);
  void* const block = atoll_mi_allocate_aligned(cpu.heap, size, alignment);
  note(before, *cpu.heap);
  return block;
}

void MimallocAllocator::do_free(void* block) {
  CpuHeap& cpu = owner_of(block);
  Guard guard{cpu.lock};
  if constexpr (kOneCpu) return atoll_mi_free(cpu.heap, block);
  const std::size_t before = atoll_mi_in_use(cpu.heap);
  atoll_mi_free(cpu.heap, block);
  note(before, *cpu.heap);
}

void* MimallocAllocator::do_resize(void* block, std::size_t size) {
  const std::size_t usable = do_usable_size(block);
  // What is much too large makes room for others.
  if (size <= usable && size >= usable / 2) return block;
  return move(block, usable, size);
}

std::size_t MimallocAllocator::do_usable_size(const void* block) const {
  return atoll_mi_usable_size(block);
}

Allocator::Statistics MimallocAllocator::do_statistics() const {
  Statistics sum;
  sum.reserved = pages_.bytes();
  for (CpuHeap& cpu : heaps_) {
    Guard guard{cpu.lock};
    const atoll_mi_counts counts = atoll_mi_heap_counts(cpu.heap);
    sum.in_use += counts.in_use;
    sum.peak += counts.peak;
    sum.reserved += counts.reserved;
    // Of this CPU only: an allocation asks no other.
    if (kOneCpu || &cpu == &const_cast<MimallocAllocator*>(this)->here())
      sum.largest_free = atoll_mi_largest_free(cpu.heap);
  }
  if constexpr (!kOneCpu) sum.peak = peak_.load(std::memory_order_relaxed);
  return sum;
}

Result<Owned<Allocator>> create_allocator() { return MimallocAllocator::create(); }

}  // namespace atl
