// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/boot_info.hpp>

#include "expect.hpp"

/// What atoll/boot_info_entry.hpp promises of every BootInfo.
inline void expect_sound(const atl::BootInfo& info) {
  constexpr std::uint64_t kLimit = std::uint64_t{1} << 52;
  FUZZ_EXPECT(info.region_count <= atl::BootInfo::kMaxRegions);
  FUZZ_EXPECT(info.command_line_size <= atl::BootInfo::kMaxCommandLine);
  FUZZ_EXPECT(info.random_seed_size <= atl::BootInfo::kMaxRandomSeed);
  const auto regions = info.memory();
  for (std::size_t i = 0; i < regions.size(); ++i) {
    FUZZ_EXPECT(!regions[i].range.empty());
    FUZZ_EXPECT(regions[i].range.start.value() < kLimit);
    FUZZ_EXPECT(regions[i].range.size <= kLimit - regions[i].range.start.value());
    for (std::size_t j = 0; j < i; ++j) FUZZ_EXPECT(!regions[i].range.overlaps(regions[j].range));
  }
}
