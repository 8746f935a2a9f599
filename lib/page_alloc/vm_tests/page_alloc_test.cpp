// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/boot_info.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/page_alloc.hpp>
#include <atoll/vm_test.hpp>

namespace atl {
namespace {

/// Fills a page with words that only its address can have given.
void fill(PhysAddr page) {
  auto* words = to_virtual(page).as<std::uint64_t>();
  for (std::size_t i = 0; i != kPageSize / sizeof(*words); ++i) words[i] = page.value() + i;
}

bool holds(PhysAddr page) {
  const auto* words = to_virtual(page).as<const std::uint64_t>();
  for (std::size_t i = 0; i != kPageSize / sizeof(*words); ++i)
    if (words[i] != page.value() + i) return false;
  return true;
}

}  // namespace

VM_TEST(PageAlloc, statistics_describe_this_machine) {
  const auto now = page_alloc::statistics();
  VM_EXPECT_GT(now.free.count, 0u);
  VM_EXPECT_LE(now.free.count, now.total.count);
  VM_EXPECT_LE(now.largest_free.count, now.free.count);
}

VM_TEST(PageAlloc, pages_are_distinct_and_writable) {
  constexpr std::size_t kMany = 32;
  const auto before = page_alloc::statistics();
  PhysAddr pages[kMany];
  for (PhysAddr& page : pages) {
    auto got = page_alloc::allocate({1});
    VM_ASSERT(got.ok());
    page = got.value();
    fill(page);
  }
  for (const PhysAddr page : pages) VM_EXPECT(holds(page));
  for (const PhysAddr page : pages) page_alloc::free(page, {1});
  VM_EXPECT_EQ(page_alloc::statistics().free.count, before.free.count);
  VM_EXPECT_EQ(page_alloc::statistics().largest_free.count, before.largest_free.count);
}

VM_TEST(PageAlloc, every_free_page_is_usable_memory_of_nobody) {
  const BootInfo& info = boot_info();
  const auto before = page_alloc::statistics();
  PhysAddr taken_first;
  std::uint64_t taken = 0;
  // Runs of pages are chained through their first page.
  while (auto run = page_alloc::allocate({1 + taken % 16})) {
    const PhysRange range{run.value(), PageCount{1 + taken % 16}.bytes()};
    VM_EXPECT(range.start.value() != 0);
    VM_EXPECT(!range.overlaps(info.image));
    VM_EXPECT(!range.overlaps(info.initial_ram_disk));
    VM_EXPECT(!range.overlaps(info.device_tree));
    bool usable = false;
    for (const MemoryRegion& region : info.memory())
      if (region.range.overlaps(range)) usable = region.kind == MemoryKind::kUsable;
    VM_EXPECT(usable);
    auto* const link = to_virtual(range.start).as<PhysRange>();
    *link = {taken_first, range.size};
    taken_first = range.start;
    ++taken;
    if (taken == 4096) break;
  }
  VM_EXPECT_GT(taken, 0u);
  while (taken_first.value() != 0) {
    const PhysRange link = *to_virtual(taken_first).as<PhysRange>();
    page_alloc::free(taken_first, {link.size / kPageSize});
    taken_first = link.start;
  }
  VM_EXPECT_EQ(page_alloc::statistics().free.count, before.free.count);
}

VM_TEST(PageAlloc, runs_out_and_recovers) {
  const auto before = page_alloc::statistics();
  VM_EXPECT_EQ(page_alloc::allocate({before.total.count + 1}).error(), Errc::kNoMemory);
  auto largest = page_alloc::allocate(before.largest_free);
  VM_ASSERT(largest.ok());
  VM_EXPECT_EQ(page_alloc::statistics().free.count, before.free.count - before.largest_free.count);
  page_alloc::free(largest.value(), before.largest_free);
  VM_EXPECT_EQ(page_alloc::statistics().largest_free.count, before.largest_free.count);
}

VM_TEST(PageAlloc, aligns_and_refuses) {
  auto aligned = page_alloc::allocate({3}, {16});
  VM_ASSERT(aligned.ok());
  VM_EXPECT(aligned.value().is_aligned(16 * kPageSize));
  VM_EXPECT_EQ(page_alloc::allocate_at(aligned.value() + kPageSize, {1}).error(), Errc::kBusy);
  page_alloc::free(aligned.value(), {3});
  VM_EXPECT_EQ(page_alloc::allocate({0}).error(), Errc::kInvalidArgument);
  VM_EXPECT_EQ(page_alloc::allocate({1}, {3}).error(), Errc::kInvalidArgument);
}

VM_TEST(PageAlloc, a_region_can_leave_and_come_back) {
  const auto before = page_alloc::statistics();
  auto piece = page_alloc::allocate({4});
  VM_ASSERT(piece.ok());
  const PhysRange range{piece.value(), PageCount{4}.bytes()};
  VM_EXPECT_EQ(page_alloc::remove_region(range).error(), Errc::kBusy);
  page_alloc::free(range.start, {4});
  VM_ASSERT(page_alloc::remove_region(range).ok());
  VM_EXPECT_EQ(page_alloc::statistics().total.count, before.total.count - 4);
  VM_EXPECT_EQ(page_alloc::remove_region(range).error(), Errc::kInvalidArgument);
  VM_ASSERT(page_alloc::add_region(range).ok());
  VM_EXPECT_EQ(page_alloc::add_region(range).error(), Errc::kExists);
  VM_EXPECT_EQ(page_alloc::statistics().free.count, before.free.count);
}

}  // namespace atl
