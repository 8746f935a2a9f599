// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "kernel_layout.hpp"

#include <atoll/config/boot_arm64.hpp>

namespace atl::boot_arm64 {
namespace {

constexpr std::uint64_t kGigabyte = std::uint64_t{1} << 30;

// The image's addresses: the last 2 GiB, less a little room at the end, lest an
// end wrap. Sections and exception stacks are aligned to at most the step.
constexpr VirtAddr kImageSpace{0xffff'ffff'8000'0000};
constexpr std::uint64_t kImageSpaceSize = 2 * kGigabyte - 2 * 1024 * 1024;
constexpr std::uint64_t kImageStep = 16 * 1024;

// The direct map's: its base keeps 1-GiB blocks aligned, and physical addresses
// below kPhysicalEnd stay below the ranges of vm, from 0xffffc00000000000 on.
constexpr VirtAddr kDirectMapSpace{0xffff'8000'0000'0000};
constexpr std::uint64_t kDirectMapSteps = 1u << 15;
static_assert(kDirectMapSpace.value() + kDirectMapSteps * kGigabyte + kPhysicalEnd ==
              0xffff'c000'0000'0000);

constexpr std::uint64_t kUartDistance = 2 * kPageSize;

// What one table of pages covers.
constexpr std::uint64_t kTableSpan = 2 * 1024 * 1024;

// Where `bytes` go in the image's space. Inside one table where they can, lest
// bad luck cost a boot more memory.
std::uint64_t image_offset(std::uint64_t seed, std::uint64_t bytes) {
  const std::uint64_t low = seed & 0xffff'ffff;
  if (bytes > kTableSpan) return low % ((kImageSpaceSize - bytes) / kImageStep) * kImageStep;
  const std::uint64_t middle = (seed >> 32) & 0xffff;
  return low % (kImageSpaceSize / kTableSpan) * kTableSpan +
         middle % ((kTableSpan - bytes) / kImageStep + 1) * kImageStep;
}

}  // namespace

KernelLayout choose_layout(std::uint64_t seed, std::uint64_t image_size) {
  if (!config::boot_arm64::kRandomBase) seed = 0;
  const std::uint64_t taken = image_size + kUartDistance + kPageSize;
  const std::uint64_t direct_step = (seed >> 49) % kDirectMapSteps;
  return {kImageSpace + image_offset(seed, taken), kDirectMapSpace + direct_step * kGigabyte};
}

VirtAddr uart_page(const KernelLayout& layout, std::uint64_t image_size) {
  return (layout.image + image_size).align_up(kPageSize) + kPageSize;
}

}  // namespace atl::boot_arm64
