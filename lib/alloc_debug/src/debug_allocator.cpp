// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <atoll/alloc_debug.hpp>
#include <atoll/arch.hpp>
#include <atoll/backtrace.hpp>
#include <atoll/bits.hpp>
#include <bit>
#include <cstring>
#include <new>

namespace atl {
namespace {

constexpr std::size_t kGuard = DebugAllocator::kGuardBytes;
constexpr std::size_t kBeforeBlock = sizeof(DebugBlock) + kGuard;
static_assert(kBeforeBlock % alignof(std::max_align_t) == 0);

constexpr std::byte kFresh{0xa5}, kFreed{0xdf}, kGuardByte{0xbd};

/// What freed blocks may take before the oldest one goes back.
constexpr std::size_t kMostKept = std::size_t{64} << 10;
/// Beyond it sizes would wrap.
constexpr std::size_t kLargest = std::size_t{1} << 44;

bool all_are(const std::byte* bytes, std::size_t count, std::byte value) {
  return std::all_of(bytes, bytes + count, [=](std::byte one) { return one == value; });
}

void fill(std::byte* bytes, std::size_t count, std::byte value) {
  std::memset(bytes, std::to_integer<int>(value), count);
}

/// What a block takes of the allocator below.
std::size_t cost(const DebugBlock& block) { return block.offset + block.size + kGuard; }

/// Where the caller of the caller was called, and so on outwards.
[[gnu::always_inline]] inline void note_places(CallPlaces& places) {
  arch::Backtrace backtrace{arch::Cpu::frame_pointer()};
  for (std::uintptr_t& place : places)
    if ((place = backtrace.next().address) == 0) break;
}

}  // namespace

std::uintptr_t DebugBlock::start() const {
  return reinterpret_cast<std::uintptr_t>(this) + kBeforeBlock;
}

Result<Owned<Allocator>> DebugAllocator::create(Owned<Allocator> watched, Report report) {
  void* const room = watched->allocate(sizeof(DebugAllocator), alignof(DebugAllocator));
  if (room == nullptr) return fail(Errc::kNoMemory);
  return Owned<Allocator>{::new (room) DebugAllocator(std::move(watched), report)};
}

// What is out, or kept back, goes with the allocator below, and so does this.
void DebugAllocator::do_destroy() { Allocator::destroy(*watched_.release()); }

DebugBlock* DebugAllocator::block_at(std::uintptr_t address) const {
  // The last one that begins at `address` or before.
  DebugBlock* const behind = live_.upper_bound(address);
  DebugBlock* const block = behind == nullptr ? live_.last() : Blocks::previous(*behind);
  return block != nullptr && address - block->start() <= block->size ? block : nullptr;
}

void* DebugAllocator::do_allocate(std::size_t size, std::size_t alignment) {
  if (!std::has_single_bit(alignment) || size > kLargest || alignment > kLargest) return nullptr;
  alignment = std::max(alignment, alignof(std::max_align_t));
  const std::size_t offset = align_up(kBeforeBlock, alignment);
  void* room = watched_->allocate(offset + size + kGuard, alignment);
  if (room == nullptr) {
    {
      Guard guard{lock_};
      release_kept(0);
    }
    room = watched_->allocate(offset + size + kGuard, alignment);
    if (room == nullptr) return nullptr;
  }
  std::byte* const bytes = static_cast<std::byte*>(room) + offset;
  auto& block = *::new (bytes - kBeforeBlock) DebugBlock;
  block.size = size;
  block.offset = offset;
  note_places(block.allocated);
  fill(bytes - kGuard, kGuard, kGuardByte);
  fill(bytes, size, kFresh);
  fill(bytes + size, kGuard, kGuardByte);
  Guard guard{lock_};
  block.number = next_number_++;
  live_.insert(block);
  now_.count(cost(block), 0);
  return bytes;
}

/// The block in use at `address`. Under the lock.
DebugBlock& DebugAllocator::find(const void* address) const {
  const auto start = reinterpret_cast<std::uintptr_t>(address);
  DebugBlock* const found = block_at(start);
  if (found != nullptr && found->start() == start) return *found;
  DebugBlock* const behind = freed_.upper_bound(start);
  const DebugBlock* const freed = behind == nullptr ? freed_.last() : Blocks::previous(*behind);
  if (freed != nullptr && freed->start() == start)
    report_(Misuse::kDoubleFree, start, freed);
  else
    report_(found == nullptr ? Misuse::kForeign : Misuse::kInside, start, found);
  __builtin_unreachable();
}

void DebugAllocator::check_guards(const DebugBlock& block) const {
  if (!all_are(block.bytes() - kGuard, kGuard, kGuardByte))
    report_(Misuse::kUnderflow, block.start(), &block);
  if (!all_are(block.bytes() + block.size, kGuard, kGuardByte))
    report_(Misuse::kOverflow, block.start(), &block);
}

/// Gives back the oldest freed blocks until the others take `most` bytes. Under the lock.
void DebugAllocator::release_kept(std::size_t most) {
  while (kept_ > most) {
    DebugBlock& block = *oldest_freed_;
    if (!all_are(block.bytes(), block.size, kFreed))
      report_(Misuse::kWriteAfterFree, block.start(), &block);
    oldest_freed_ = block.next_freed;
    freed_.remove(block);
    kept_ -= cost(block);
    void* const room = block.bytes() - block.offset;
    block.~DebugBlock();
    watched_->free(room);
  }
}

void DebugAllocator::do_free(void* address) {
  Guard guard{lock_};
  DebugBlock& block = find(address);
  check_guards(block);
  note_places(block.freed);
  fill(block.bytes(), block.size, kFreed);
  live_.remove(block);
  now_.count(0, cost(block));
  freed_.insert(block);
  block.next_freed = nullptr;
  (kept_ == 0 ? oldest_freed_ : newest_freed_->next_freed) = &block;
  newest_freed_ = &block;
  kept_ += cost(block);
  release_kept(kMostKept);
}

void* DebugAllocator::do_resize(void* address, std::size_t size) {
  std::size_t old_size = 0;
  {
    Guard guard{lock_};
    const DebugBlock& block = find(address);
    check_guards(block);
    old_size = block.size;
  }
  return move(address, old_size, size);
}

std::size_t DebugAllocator::do_usable_size(const void* address) const {
  Guard guard{lock_};
  return find(address).size;
}

Allocator::Statistics DebugAllocator::do_statistics() const {
  const Statistics below = watched_->statistics();
  Guard guard{lock_};
  Statistics copy = now_;
  copy.reserved = below.reserved;
  constexpr std::size_t kCost = kBeforeBlock + kGuard;
  copy.largest_free = below.largest_free > kCost ? below.largest_free - kCost : 0;
  return copy;
}

}  // namespace atl
