// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/alloc.hpp>
#include <atoll/config/alloc_tlsf.hpp>
#include <atoll/vm_test.hpp>

namespace alloc_tlsf_vm_test {

VM_TEST(AllocTlsf, gives_pages_back_as_the_option_says) {
  auto heap = atl::create_allocator();
  VM_ASSERT(heap.ok());
  void* const block = heap.value()->allocate(200'000);
  VM_ASSERT(block != nullptr);
  const auto before = heap.value()->statistics().reserved;
  heap.value()->free(block);
  const auto after = heap.value()->statistics().reserved;
  VM_EXPECT_EQ(after < before, atl::config::alloc_tlsf::kGiveBack);
}

}  // namespace alloc_tlsf_vm_test
