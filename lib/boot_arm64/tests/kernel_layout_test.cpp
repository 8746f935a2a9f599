// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "kernel_layout.hpp"

#include <gtest/gtest.h>
#include <random>
#include <set>

namespace {

using namespace atl::boot_arm64;

constexpr std::uint64_t kGigabyte = std::uint64_t{1} << 30;
constexpr std::uint64_t kMegabyte = std::uint64_t{1} << 20;
constexpr std::uint64_t kVmStart = 0xffff'c000'0000'0000;

void expect_sound(const KernelLayout& layout, std::uint64_t size) {
  EXPECT_GE(layout.image.value(), 0xffff'ffff'8000'0000u);
  EXPECT_TRUE(layout.image.is_aligned(16 * 1024));
  const auto uart = uart_page(layout, size);
  EXPECT_GT(uart, layout.image + size);
  EXPECT_TRUE(uart.is_aligned(atl::kPageSize));
  EXPECT_GT((uart + atl::kPageSize).value(), uart.value());
  EXPECT_LE(uart.value(), 0xffff'ffff'ffff'0000u);
  if (size <= kMegabyte) {
    EXPECT_EQ(layout.image.align_down(2 * kMegabyte), uart.align_down(2 * kMegabyte));
  }

  EXPECT_GE(layout.direct_map.value(), 0xffff'8000'0000'0000u);
  EXPECT_TRUE(layout.direct_map.is_aligned(kGigabyte));
  EXPECT_LE(layout.direct_map.value() + kPhysicalEnd, kVmStart);
}

TEST(KernelLayout, extreme_seeds_stay_in_their_ranges) {
  for (const std::uint64_t seed : {std::uint64_t{0}, ~std::uint64_t{0}, std::uint64_t{0xffff'ffff},
                                   std::uint64_t{0xffff'ffff'0000'0000}}) {
    for (const std::uint64_t size : {atl::kPageSize, 64 * kMegabyte, 1024 * kMegabyte}) {
      expect_sound(choose_layout(seed, size), size);
    }
  }
}

TEST(KernelLayout, random_seeds_stay_in_their_ranges) {
  std::mt19937_64 generator{42};
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t size = (generator() % (256 * kMegabyte)) + 1;
    expect_sound(choose_layout(generator(), size), size);
  }
}

TEST(KernelLayout, seeds_that_differ_give_places_that_differ) {
  std::mt19937_64 generator{1};
  std::set<std::uint64_t> images;
  std::set<std::uint64_t> maps;
  for (int i = 0; i < 1000; ++i) {
    const auto layout = choose_layout(generator(), kMegabyte);
    images.insert(layout.image.value());
    maps.insert(layout.direct_map.value());
  }
  EXPECT_GT(images.size(), 980u);
  EXPECT_GT(maps.size(), 950u);
}

}  // namespace
