// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include "contract.hpp"
#include "random.hpp"
#include "statistics.hpp"

namespace atl::alloc_conformance {

struct NamedCheck {
  const char* name;
  Check run;
};

inline constexpr NamedCheck kChecks[] = {
    {"aligns_as_asked", aligns_as_asked},
    {"refuses_alignments_that_are_no_power_of_two", refuses_alignments_that_are_no_power_of_two},
    {"zero_bytes_are_a_distinct_block", zero_bytes_are_a_distinct_block},
    {"null_is_nothing_to_free_and_an_allocation_to_resize",
     null_is_nothing_to_free_and_an_allocation_to_resize},
    {"blocks_in_use_keep_their_content", blocks_in_use_keep_their_content},
    {"all_of_the_usable_size_may_be_used", all_of_the_usable_size_may_be_used},
    {"resize_keeps_content_and_alignment", resize_keeps_content_and_alignment},
    {"resize_without_memory_leaves_the_block_alone", resize_without_memory_leaves_the_block_alone},
    {"huge_requests_are_null", huge_requests_are_null},
    {"without_memory_is_null_and_later_works_again", without_memory_is_null_and_later_works_again},
    {"freed_memory_is_used_again", freed_memory_is_used_again},
    {"several_allocators_do_not_meddle", several_allocators_do_not_meddle},
    {"in_use_follows_allocations", in_use_follows_allocations},
    {"in_use_follows_resizes", in_use_follows_resizes},
    {"peak_is_the_most_that_was_in_use", peak_is_the_most_that_was_in_use},
    {"largest_free_can_be_had_without_new_pages", largest_free_can_be_had_without_new_pages},
    {"random_operations_agree_with_a_model_1", random_operations_agree_with_a_model<1>},
    {"random_operations_agree_with_a_model_2", random_operations_agree_with_a_model<2>},
    {"random_operations_agree_with_a_model_3", random_operations_agree_with_a_model<3>},
};

}  // namespace atl::alloc_conformance
