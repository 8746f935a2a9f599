// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "../src/page_window.hpp"

#include <gtest/gtest.h>

#include <atoll/vm.hpp>
#include <map>

namespace {

using namespace atl;

// What is mapped: virtual start, and of what.
std::map<std::uint64_t, PhysRange> mapped;
std::uint64_t next_address = 0x10'0000;
Errc fault{};

}  // namespace

namespace atl::vm {

Result<VirtAddr> map_device(PhysRange registers) {
  if (fault != Errc{}) return fail(fault);
  mapped[next_address] = registers;
  return VirtAddr{std::exchange(next_address, next_address + 0x10'0000)};
}
void release(VirtAddr start, PageCount pages) {
  EXPECT_EQ(mapped[start.value()].size, pages.bytes());
  mapped.erase(start.value());
}

}  // namespace atl::vm

namespace {

class PageWindowTest : public testing::Test {
 protected:
  PageWindowTest() {
    mapped.clear();
    fault = Errc{};
  }
  std::uint64_t show(std::uint64_t start, std::uint64_t size = 0x200) {
    return window.show({PhysAddr{start}, size}).value().value();
  }
  virtio_mmio::PageWindow window;
};

TEST_F(PageWindowTest, those_of_one_page_share_a_mapping) {
  const std::uint64_t first = show(0x2000);
  for (std::uint64_t i = 1; i < 8; ++i) EXPECT_EQ(show(0x2000 + i * 0x200), first + i * 0x200);
  EXPECT_EQ(mapped.size(), 1u);
}

TEST_F(PageWindowTest, pages_that_hold_nothing_are_given_back) {
  for (std::uint64_t i = 0; i < 32; ++i) show(0x2000 + i * 0x200);
  EXPECT_EQ(mapped.size(), 1u);
}

TEST_F(PageWindowTest, pages_of_which_something_is_kept_stay) {
  const std::uint64_t kept = show(0x2200);
  window.keep();
  show(0x2400);
  show(0x3000);
  show(0x4000);
  EXPECT_EQ(mapped.size(), 2u);
  EXPECT_EQ(mapped[kept & ~0xfffull], (PhysRange{PhysAddr{0x2000}, kPageSize}));
}

TEST_F(PageWindowTest, what_lies_across_pages_is_seen_whole) {
  const std::uint64_t at = show(0x2f00, 0x1200);
  EXPECT_EQ(mapped[at - 0xf00], (PhysRange{PhysAddr{0x2000}, 3 * kPageSize}));
  EXPECT_EQ(show(0x3000), at + 0x100);
}

TEST_F(PageWindowTest, without_memory_nothing_is_left_behind) {
  show(0x2000);
  fault = Errc::kNoMemory;
  EXPECT_EQ(window.show({PhysAddr{0x3000}, 0x200}).error(), Errc::kNoMemory);
  EXPECT_TRUE(mapped.empty());
  fault = Errc{};
  show(0x3000);
  EXPECT_EQ(mapped.size(), 1u);
}

}  // namespace
