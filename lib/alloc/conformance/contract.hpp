// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <initializer_list>
#include <limits>

#include "subject.hpp"

namespace atl::alloc_conformance {

inline constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();

/// Sizes around every power of two up to 64 KiB.
template <typename Function>
void for_each_size(Function function) {
  for (std::size_t power = 1; power <= 65536; power *= 2)
    for (const std::size_t size : {power - 1, power, power + 1}) function(size);
}

inline void aligns_as_asked(Subject& subject) {
  for (std::size_t alignment = 1; alignment <= 65536; alignment *= 2)
    for (const std::size_t size : {std::size_t{1}, std::size_t{100}, std::size_t{5000}}) {
      void* const block = subject.memory.allocate(size, alignment);
      MUST(block != nullptr);
      MUST(is_aligned(block, alignment));
      MUST(is_aligned(block, kMaxAlign));
      fill(block, size, 1);
      subject.memory.free(block);
    }
}

inline void refuses_alignments_that_are_no_power_of_two(Subject& subject) {
  for (const std::size_t alignment :
       {std::size_t{0}, std::size_t{3}, std::size_t{24}, std::size_t{4097}, kNever, kNever - 15})
    MUST(subject.memory.allocate(1, alignment) == nullptr);
}

inline void zero_bytes_are_a_distinct_block(Subject& subject) {
  void* blocks[8];
  for (void*& block : blocks) {
    block = subject.memory.allocate(0);
    MUST(block != nullptr);
    for (void** other = blocks; other != &block; ++other) MUST(*other != block);
  }
  for (void* block : blocks) subject.memory.free(block);
}

inline void null_is_nothing_to_free_and_an_allocation_to_resize(Subject& subject) {
  const auto before = subject.memory.statistics();
  subject.memory.free(nullptr);
  MUST(subject.memory.statistics().in_use == before.in_use);
  void* const block = subject.memory.resize(nullptr, 50);
  MUST(block != nullptr);
  MUST(subject.memory.usable_size(block) >= 50);
  subject.memory.free(block);
}

inline void blocks_in_use_keep_their_content(Subject& subject) {
  constexpr std::size_t kMany = 60;
  void* blocks[kMany];
  std::size_t sizes[kMany];
  for (std::uint32_t i = 0; i != kMany; ++i) {
    sizes[i] = (std::size_t{i} * 37) % 700 + (i % 9 == 0 ? 4000 : 0);
    blocks[i] = subject.memory.allocate(sizes[i], std::size_t{1} << (i % 8));
    MUST(blocks[i] != nullptr);
    for (std::uint32_t j = 0; j != i; ++j) {
      const bool apart = !overlap(blocks[i], sizes[i], blocks[j], sizes[j]);
      MUST(apart);
    }
    fill(blocks[i], sizes[i], i);
  }
  for (std::uint32_t i = 0; i != kMany; i += 2) {
    MUST(holds(blocks[i], sizes[i], i));
    subject.memory.free(blocks[i]);
  }
  for (std::uint32_t i = 1; i < kMany; i += 2) {
    MUST(holds(blocks[i], sizes[i], i));
    subject.memory.free(blocks[i]);
  }
}

inline void all_of_the_usable_size_may_be_used(Subject& subject) {
  constexpr std::uint32_t kMany = 51;
  void* blocks[kMany];
  std::uint32_t made = 0;
  for_each_size([&](std::size_t size) {
    blocks[made] = subject.memory.allocate(size);
    MUST(blocks[made] != nullptr);
    MUST(subject.memory.usable_size(blocks[made]) >= size);
    fill(blocks[made], subject.memory.usable_size(blocks[made]), made);
    ++made;
  });
  MUST(made == kMany);
  for (std::uint32_t i = 0; i != kMany; ++i) {
    MUST(holds(blocks[i], subject.memory.usable_size(blocks[i]), i));
    subject.memory.free(blocks[i]);
  }
}

inline void resize_keeps_content_and_alignment(Subject& subject) {
  std::uint32_t tag = 0;
  std::size_t old_size = 0;
  void* block = subject.memory.allocate(0);
  void* obstacle = nullptr;
  const auto step = [&](std::size_t size) {
    ++tag;
    fill(block, old_size, tag);
    void* const resized = subject.memory.resize(block, size);
    MUST(resized != nullptr);
    block = resized;
    MUST(is_aligned(block, kMaxAlign));
    MUST(subject.memory.usable_size(block) >= size);
    MUST(holds(block, size < old_size ? size : old_size, tag));
    fill(block, size, tag);
    old_size = size;
    // Something in the way makes every third growth a move.
    if (tag % 3 == 0) {
      subject.memory.free(obstacle);
      obstacle = subject.memory.allocate(24);
    }
  };
  for_each_size(step);
  for (const std::size_t size :
       {std::size_t{30000}, std::size_t{8192}, std::size_t{8191}, std::size_t{2049},
        std::size_t{2048}, std::size_t{100}, std::size_t{17}, std::size_t{0}, std::size_t{9000}})
    step(size);
  subject.memory.free(obstacle);
  subject.memory.free(block);
}

inline void resize_without_memory_leaves_the_block_alone(Subject& subject) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{40}, std::size_t{5000}}) {
    void* const block = subject.memory.allocate(size);
    MUST(block != nullptr);
    fill(block, size, 9);
    const std::size_t usable = subject.memory.usable_size(block);
    const std::size_t in_use = subject.memory.statistics().in_use;
    for (const std::size_t huge : {kNever, kNever - 4096, kNever / 2 + 1, kNever >> 8}) {
      MUST(subject.memory.resize(block, huge) == nullptr);
      MUST(subject.memory.usable_size(block) == usable);
      MUST(holds(block, size, 9));
    }
    MUST(subject.memory.statistics().in_use == in_use);
    subject.memory.free(block);
  }
}

inline void huge_requests_are_null(Subject& subject) {
  const auto before = subject.memory.statistics();
  for (std::size_t less = 0; less != 70; ++less) {
    MUST(subject.memory.allocate(kNever - less) == nullptr);
    MUST(subject.memory.allocate(kNever - less, 4096) == nullptr);
    MUST(subject.memory.allocate(kNever - 4096 + less) == nullptr);
  }
  for (unsigned bit = 45; bit != 64; ++bit) {
    const std::size_t huge = std::size_t{1} << bit;
    MUST(subject.memory.allocate(huge) == nullptr);
    MUST(subject.memory.allocate(huge, huge) == nullptr);
    MUST(subject.memory.allocate(kNever - huge + 1, huge) == nullptr);
    if (bit > 48) MUST(subject.memory.allocate(1, huge) == nullptr);
  }
  MUST(subject.memory.statistics().in_use == before.in_use);
}

/// As many blocks as can be had, from large to small, chained through their
/// first word; how many bytes they have together. (A heap in fewer pieces has fewer
/// blocks.)
inline void* take_everything(Allocator& memory, std::size_t& bytes) {
  void* chain = nullptr;
  for (const std::size_t size :
       {std::size_t{1} << 20, std::size_t{1} << 16, std::size_t{3000}, std::size_t{200}})
    while (void* const block = memory.allocate(size)) {
      *static_cast<void**>(block) = chain;
      chain = block;
      bytes += size;
    }
  return chain;
}

inline void free_chain(Allocator& memory, void* chain) {
  while (chain != nullptr) {
    void* const next = *static_cast<void**>(chain);
    memory.free(chain);
    chain = next;
  }
}

inline void without_memory_is_null_and_later_works_again(Subject& subject) {
  std::size_t first = 0;
  void* const chain = take_everything(subject.memory, first);
  MUST(first > 0);
  MUST(subject.memory.allocate(200) == nullptr);
  free_chain(subject.memory, chain);
  if (!subject.memory.reuses_memory()) return;
  std::size_t second = 0;
  free_chain(subject.memory, take_everything(subject.memory, second));
  MUST(second >= first - first / 16);
}

inline void freed_memory_is_used_again(Subject& subject) {
  if (!subject.memory.reuses_memory()) return;
  const auto churn = [&](int rounds) {
    for (int round = 0; round != rounds; ++round)
      for (const std::size_t size : {std::size_t{24}, std::size_t{1000}, std::size_t{70000}}) {
        void* const block = subject.memory.allocate(size);
        MUST(block != nullptr);
        subject.memory.free(block);
      }
  };
  churn(4);
  const std::size_t reserved = subject.memory.statistics().reserved;
  churn(400);
  MUST(subject.memory.statistics().reserved <= reserved + 65536);
}

inline void several_allocators_do_not_meddle(Subject& subject) {
  void* const mine = subject.memory.allocate(300);
  MUST(mine != nullptr);
  fill(mine, 300, 1);
  {
    auto other = subject.factory();
    MUST(other.ok());
    const std::size_t in_use = subject.memory.statistics().in_use;
    for (std::uint32_t i = 0; i != 50; ++i) {
      void* const block = other.value()->allocate(i * 100);
      MUST(block != nullptr);
      fill(block, i * 100, i);
    }
    MUST(subject.memory.statistics().in_use == in_use);
    // What the other one still holds goes with it.
  }
  MUST(holds(mine, 300, 1));
  subject.memory.free(mine);
}

}  // namespace atl::alloc_conformance
