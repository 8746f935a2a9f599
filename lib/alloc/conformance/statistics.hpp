// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <initializer_list>

#include "subject.hpp"

namespace atl::alloc_conformance {

inline void in_use_follows_allocations(Subject& subject) {
  const auto before = subject.memory.statistics();
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{33}, std::size_t{1500}, std::size_t{20000}}) {
    void* const block = subject.memory.allocate(size);
    MUST(block != nullptr);
    const auto during = subject.memory.statistics();
    MUST(during.in_use >= before.in_use + subject.memory.usable_size(block));
    MUST(during.in_use > before.in_use);
    MUST(during.reserved >= during.in_use);
    subject.memory.free(block);
    MUST(subject.memory.statistics().in_use == before.in_use);
  }
}

inline void in_use_follows_resizes(Subject& subject) {
  const auto before = subject.memory.statistics();
  void* block = subject.memory.allocate(10);
  for (const std::size_t size : {std::size_t{500}, std::size_t{9000}, std::size_t{90000},
                                 std::size_t{5000}, std::size_t{64}, std::size_t{16}}) {
    block = subject.memory.resize(block, size);
    MUST(block != nullptr);
    const auto during = subject.memory.statistics();
    MUST(during.in_use >= before.in_use + subject.memory.usable_size(block));
    MUST(during.reserved >= during.in_use);
  }
  subject.memory.free(block);
  MUST(subject.memory.statistics().in_use == before.in_use);
}

inline void peak_is_the_most_that_was_in_use(Subject& subject) {
  void* const large = subject.memory.allocate(40000);
  MUST(large != nullptr);
  const auto high = subject.memory.statistics();
  MUST(high.peak >= high.in_use);
  subject.memory.free(large);
  const auto low = subject.memory.statistics();
  MUST(low.peak == high.peak);
  void* const small = subject.memory.allocate(40);
  MUST(small != nullptr);
  MUST(subject.memory.statistics().peak == high.peak);
  subject.memory.free(small);
}

inline void largest_free_can_be_had_without_new_pages(Subject& subject) {
  void* blocks[12] = {};
  for (void*& block : blocks) {
    const auto before = subject.memory.statistics();
    MUST(before.largest_free <= before.reserved);
    if (before.largest_free == 0) break;
    block = subject.memory.allocate(before.largest_free);
    MUST(block != nullptr);
    MUST(subject.memory.statistics().reserved == before.reserved);
  }
  for (void* block : blocks) subject.memory.free(block);
}

}  // namespace atl::alloc_conformance
