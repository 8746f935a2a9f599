// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// The checks of ../conformance on the image's own provider.
#include <atoll/vm_test.hpp>

#include "../conformance/checks.hpp"

namespace atl::alloc_conformance {
namespace {

void verify(Check check) {
  auto allocator = create_allocator();
  VM_ASSERT(allocator.ok());
  Subject subject{*allocator.value(), create_allocator};
  check(subject);
  if (subject.broken_promise != nullptr)
    vm_test::fail({"conformance", subject.broken_line}, subject.broken_promise);
}

}  // namespace

VM_TEST(AllocConformance, the_default_allocator_works) {
  void* const block = default_allocator().allocate(100);
  VM_ASSERT(block != nullptr);
  fill(block, 100, 1);
  VM_EXPECT(holds(block, 100, 1));
  default_allocator().free(block);
}

VM_TEST(AllocConformance, aligns_as_asked) { verify(aligns_as_asked); }
VM_TEST(AllocConformance, refuses_alignments_that_are_no_power_of_two) {
  verify(refuses_alignments_that_are_no_power_of_two);
}
VM_TEST(AllocConformance, zero_bytes_are_a_distinct_block) {
  verify(zero_bytes_are_a_distinct_block);
}
VM_TEST(AllocConformance, null_is_nothing_to_free_and_an_allocation_to_resize) {
  verify(null_is_nothing_to_free_and_an_allocation_to_resize);
}
VM_TEST(AllocConformance, blocks_in_use_keep_their_content) {
  verify(blocks_in_use_keep_their_content);
}
VM_TEST(AllocConformance, all_of_the_usable_size_may_be_used) {
  verify(all_of_the_usable_size_may_be_used);
}
VM_TEST(AllocConformance, resize_keeps_content_and_alignment) {
  verify(resize_keeps_content_and_alignment);
}
VM_TEST(AllocConformance, resize_without_memory_leaves_the_block_alone) {
  verify(resize_without_memory_leaves_the_block_alone);
}
VM_TEST(AllocConformance, huge_requests_are_null) { verify(huge_requests_are_null); }
VM_TEST(AllocConformance, without_memory_is_null_and_later_works_again) {
  verify(without_memory_is_null_and_later_works_again);
}
VM_TEST(AllocConformance, freed_memory_is_used_again) { verify(freed_memory_is_used_again); }
VM_TEST(AllocConformance, several_allocators_do_not_meddle) {
  verify(several_allocators_do_not_meddle);
}
VM_TEST(AllocConformance, in_use_follows_allocations) { verify(in_use_follows_allocations); }
VM_TEST(AllocConformance, in_use_follows_resizes) { verify(in_use_follows_resizes); }
VM_TEST(AllocConformance, peak_is_the_most_that_was_in_use) {
  verify(peak_is_the_most_that_was_in_use);
}
VM_TEST(AllocConformance, largest_free_can_be_had_without_new_pages) {
  verify(largest_free_can_be_had_without_new_pages);
}
VM_TEST(AllocConformance, random_operations_agree_with_a_model) {
  verify(random_operations_agree_with_a_model<1>);
}

}  // namespace atl::alloc_conformance
