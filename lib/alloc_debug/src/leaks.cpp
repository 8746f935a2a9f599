// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "leaks.hpp"

#include <atoll/arch.hpp>
#include <atoll/boot_info.hpp>

#include "report.hpp"

namespace atl::alloc_debug {
namespace {

/// In `freed` of a block in use, which has not been freed: it is known.
constexpr std::uintptr_t kKnown = 1;

/// Blocks that are told one by one.
constexpr std::size_t kMostTold = 20;

}  // namespace

void Leaks::mark(DebugBlock& block) {
  if (block.freed[0] == kKnown) return;
  block.freed[0] = kKnown;
  block.next_freed = to_look_at_;
  to_look_at_ = &block;
}

void Leaks::look_at(const std::uintptr_t* from, const std::uintptr_t* end) {
  for (; from < end; ++from)
    if (DebugBlock* const block = heap_.block_at(*from); block != nullptr) mark(*block);
}

void Leaks::find() {
  heap_.for_each([this](DebugBlock& block) {
    if (block.number < first_) mark(block);
  });
  const VirtAddr start = boot_info().image_base;
  const VirtAddr end = start + boot_info().image.size;
  for (VirtAddr page = start.align_down(kPageSize); page < end; page += kPageSize)
    if (arch::Cpu::readable(page))
      look_at(page.as<const std::uintptr_t>(),
              (VirtAddr{page + kPageSize}).as<const std::uintptr_t>());
  while (DebugBlock* const block = to_look_at_) {
    to_look_at_ = block->next_freed;
    const auto* const words = reinterpret_cast<const std::uintptr_t*>(block->bytes());
    look_at(words, words + block->size / sizeof *words);
  }
}

void Leaks::write() {
  std::size_t blocks = 0;
  std::size_t bytes = 0;
  heap_.for_each([&](const DebugBlock& block) {
    if (block.freed[0] == kKnown) return;
    ++blocks;
    bytes += block.size;
  });
  if (blocks == 0) return;
  write_sum(blocks, bytes);
  std::size_t told = 0;
  heap_.for_each([&](const DebugBlock& block) {
    if (block.freed[0] != kKnown && told++ < kMostTold) write_lost(block);
  });
}

}  // namespace atl::alloc_debug
