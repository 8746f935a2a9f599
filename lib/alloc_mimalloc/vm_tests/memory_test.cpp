// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/alloc.hpp>
#include <atoll/page_alloc.hpp>
#include <atoll/vm_test.hpp>

namespace alloc_mimalloc_vm_test {

using namespace atl;

VM_TEST(AllocMimalloc, an_empty_heap_takes_little_and_a_small_block_three_chunks_at_most) {
  const auto before = page_alloc::statistics().free;
  auto heap = create_allocator();
  VM_ASSERT(heap.ok());
  VM_EXPECT_LE((before - page_alloc::statistics().free).bytes(), kMaxCpus * std::size_t{16384});
  void* const block = heap.value()->allocate(100);
  VM_ASSERT(block != nullptr);
  // And page tables for it.
  VM_EXPECT_LE((before - page_alloc::statistics().free).bytes(),
               kMaxCpus * std::size_t{16384} + (std::size_t{3} << 16));
  heap.value()->free(block);
}

VM_TEST(AllocMimalloc, freed_blocks_give_their_memory_back) {
  auto heap = create_allocator();
  VM_ASSERT(heap.ok());
  for (const std::size_t size : {std::size_t{200'000}, std::size_t{50'000}, std::size_t{600}}) {
    void* blocks[40] = {};
    for (void*& block : blocks) VM_ASSERT((block = heap.value()->allocate(size)) != nullptr);
    const auto held = heap.value()->statistics().reserved;
    VM_EXPECT_GE(held, size * 40);
    for (void* const block : blocks) heap.value()->free(block);
    // Time goes on for it as others come and go.
    for (int i = 0; i != 200; ++i) heap.value()->free(heap.value()->allocate(300'000));
    VM_EXPECT_LE(heap.value()->statistics().reserved, held / 4 + (std::size_t{1} << 20));
  }
}

VM_TEST(AllocMimalloc, statistics_reserved_is_what_page_alloc_gave) {
  const auto before = page_alloc::statistics().free;
  {
    auto heap = create_allocator();
    VM_ASSERT(heap.ok());
    void* const block = heap.value()->allocate(5'000'000);
    VM_ASSERT(block != nullptr);
    const auto taken = (before - page_alloc::statistics().free).bytes();
    const auto said = heap.value()->statistics().reserved;
    VM_EXPECT_LE(said, taken);
    VM_EXPECT_LE(taken - said, std::size_t{65536});  // page tables
  }
  VM_EXPECT_LE((before - page_alloc::statistics().free).bytes(), std::size_t{65536});
}

}  // namespace alloc_mimalloc_vm_test
