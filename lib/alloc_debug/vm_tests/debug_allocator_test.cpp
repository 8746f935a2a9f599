// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/alloc_debug.hpp>
#include <atoll/vm_test.hpp>
#include <cstring>

namespace alloc_debug_vm_test {

using namespace atl;

Misuse reported{};
const void* reported_block = nullptr;

/// What a test misuses must not go on: it is told of by a panic elsewhere.
void never(Misuse misuse, std::uintptr_t, const DebugBlock* block) {
  reported = misuse;
  reported_block = block;
  vm_test::fail({"a misuse was reported", 0}, "where there is none");
}

Result<Owned<Allocator>> create() { return DebugAllocator::create(TRY(create_allocator()), never); }

VM_TEST(AllocDebug, the_default_allocator_is_watched) {
  auto* const bytes = static_cast<unsigned char*>(default_allocator().allocate(100));
  VM_ASSERT(bytes != nullptr);
  VM_EXPECT_EQ(default_allocator().usable_size(bytes), 100u);
  for (int i = 0; i != 100; ++i) VM_EXPECT_EQ(unsigned{bytes[i]}, 0xa5u);
  default_allocator().free(bytes);
  // Kept back and poisoned.
  for (int i = 0; i != 100; ++i) VM_EXPECT_EQ(unsigned{bytes[i]}, 0xdfu);
}

VM_TEST(AllocDebug, a_block_knows_where_it_was_allocated) {
  auto made = create();
  VM_ASSERT(made.ok());
  auto& heap = static_cast<DebugAllocator&>(*made.value());
  void* const block = heap.allocate(10);
  const DebugBlock* const found = heap.block_at(reinterpret_cast<std::uintptr_t>(block));
  VM_ASSERT(found != nullptr);
  VM_EXPECT_EQ(found->size, 10u);
  // This test, what called it, and so on.
  VM_EXPECT(found->allocated[0] != 0);
  VM_EXPECT(found->allocated[2] != 0);
  heap.free(block);
}

VM_TEST(AllocDebug, memory_kept_back_is_there_when_it_is_needed) {
  auto made = create();
  VM_ASSERT(made.ok());
  Allocator& heap = *made.value();
  for (int i = 0; i != 2000; ++i) {
    void* const block = heap.allocate(1000);
    VM_ASSERT(block != nullptr);
    heap.free(block);
  }
  if (heap.reuses_memory()) VM_EXPECT_LE(heap.statistics().reserved, std::size_t{1} << 20);
  VM_EXPECT_EQ(heap.statistics().in_use, 0u);
}

}  // namespace alloc_debug_vm_test
