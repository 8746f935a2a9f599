// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/random.hpp>
#include <atoll/vm_test.hpp>

namespace {

using Sample = std::array<std::byte, 32>;

}  // namespace

VM_TEST(Random, seeds_itself_from_what_the_machine_offers) {
  Sample sample{};
  VM_ASSERT(atl::random::fill(sample).ok());
  VM_EXPECT(atl::random::seeded());
  VM_EXPECT(sample != Sample{});
}

VM_TEST(Random, calls_do_not_repeat) {
  Sample first{};
  Sample second{};
  VM_ASSERT(atl::random::fill(first).ok());
  VM_ASSERT(atl::random::fill(second).ok());
  VM_EXPECT(first != second);
}

VM_TEST(Random, reseed_keeps_it_going) {
  atl::random::reseed();
  Sample sample{};
  VM_EXPECT(atl::random::fill(sample).ok());
}
