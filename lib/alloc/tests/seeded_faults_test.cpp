// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// The checks can go red: an allocator that breaks one promise fails the check
// named for it, and one that keeps them all passes.
#include <gtest/gtest.h>

#include "../conformance/checks.hpp"
#include "reference_allocator.hpp"

namespace atl::alloc_conformance {
namespace {

Fault seeded = Fault::kNone;

Result<Owned<Allocator>> create_seeded() {
  return Owned<Allocator>{new ReferenceAllocator(seeded)};
}

/// Whether `check` finds nothing wrong with an allocator that has `fault`.
bool passes(const NamedCheck& check, Fault fault) {
  seeded = fault;
  auto allocator = create_seeded();
  Subject subject{*allocator.value(), create_seeded};
  check.run(subject);
  return subject.broken_promise == nullptr;
}

TEST(SeededFaults, an_allocator_without_fault_passes_everything) {
  for (const NamedCheck& check : kChecks) EXPECT_TRUE(passes(check, Fault::kNone)) << check.name;
}

struct Seed {
  const char* name;
  Fault fault;
  const char* check;  ///< the one that must go red
};

constexpr Seed kSeeds[] = {
    {"misaligns", Fault::kMisaligns, "aligns_as_asked"},
    {"accepts_any_alignment", Fault::kAcceptsAnyAlignment,
     "refuses_alignments_that_are_no_power_of_two"},
    {"shares_zero_bytes", Fault::kSharesZeroBytes, "zero_bytes_are_a_distinct_block"},
    {"refuses_zero_bytes", Fault::kRefusesZeroBytes, "zero_bytes_are_a_distinct_block"},
    {"hands_out_twice", Fault::kHandsOutTwice, "blocks_in_use_keep_their_content"},
    {"hands_out_twice_in_the_model", Fault::kHandsOutTwice,
     "random_operations_agree_with_a_model_1"},
    {"understates_usable_size", Fault::kUnderstatesUsableSize,
     "all_of_the_usable_size_may_be_used"},
    {"resize_loses_content", Fault::kResizeLosesContent, "resize_keeps_content_and_alignment"},
    {"resize_misaligns", Fault::kResizeMisaligns, "resize_keeps_content_and_alignment"},
    {"resize_damages_on_failure", Fault::kResizeDamagesOnFailure,
     "resize_without_memory_leaves_the_block_alone"},
    {"resize_ignores_capacity", Fault::kIgnoresCapacity,
     "resize_without_memory_leaves_the_block_alone"},
    {"wraps_huge_sizes", Fault::kWrapsHugeSizes, "huge_requests_are_null"},
    {"frees_nothing", Fault::kFreesNothing, "without_memory_is_null_and_later_works_again"},
    {"grows_when_it_should_reuse", Fault::kFreesNothing, "freed_memory_is_used_again"},
    {"writes_to_others", Fault::kWritesToOthers, "blocks_in_use_keep_their_content"},
    {"writes_to_others_in_the_model", Fault::kWritesToOthers,
     "random_operations_agree_with_a_model_2"},
    {"forgets_freed_in_use", Fault::kForgetsFreedInUse, "in_use_follows_allocations"},
    {"forgets_resized_in_use", Fault::kForgetsResizedInUse, "in_use_follows_resizes"},
    {"peak_is_in_use", Fault::kPeakIsInUse, "peak_is_the_most_that_was_in_use"},
    {"overstates_largest_free", Fault::kOverstatesLargestFree,
     "largest_free_can_be_had_without_new_pages"},
};

class SeededFault : public testing::TestWithParam<Seed> {};

TEST_P(SeededFault, is_found) {
  for (const NamedCheck& check : kChecks)
    if (std::string_view{check.name} == GetParam().check) {
      EXPECT_FALSE(passes(check, GetParam().fault));
      return;
    }
  FAIL() << "there is no check " << GetParam().check;
}

INSTANTIATE_TEST_SUITE_P(Alloc, SeededFault, testing::ValuesIn(kSeeds),
                         [](const auto& seed) { return std::string{seed.param.name}; });

}  // namespace
}  // namespace atl::alloc_conformance
