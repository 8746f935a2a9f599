// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <vector>

#include "fake_memory.hpp"
#include "page_allocator.hpp"

namespace atl::page_alloc {
namespace {

constexpr std::uint64_t kPages = 512;

enum class Page : std::uint8_t { kFree, kUsed, kGone };

/// One byte per page says what a correct allocator would know.
class RandomTest : public testing::TestWithParam<unsigned> {
 protected:
  RandomTest() { EXPECT_TRUE(pool.add_region(memory.range()).ok()); }

  std::uint64_t below(std::uint64_t bound) { return random() % bound; }

  [[nodiscard]] std::uint64_t longest_free() const {
    std::uint64_t longest = 0, length = 0;
    for (const Page page : model) {
      length = page == Page::kFree ? length + 1 : 0;
      longest = std::max(longest, length);
    }
    return longest;
  }
  [[nodiscard]] bool all(std::uint64_t first, std::uint64_t count, Page kind) const {
    for (std::uint64_t i = first; i != first + count; ++i)
      if (model[i] != kind) return false;
    return true;
  }
  [[nodiscard]] bool fits(std::uint64_t pages, std::uint64_t alignment) const {
    const std::uint64_t start = FakeMemory::kStart >> kPageShift;
    for (std::uint64_t i = 0; i + pages <= kPages; ++i)
      if ((start + i) % alignment == 0 && all(i, pages, Page::kFree)) return true;
    return false;
  }
  void mark(std::uint64_t first, std::uint64_t count, Page kind) {
    std::fill_n(model.begin() + static_cast<std::ptrdiff_t>(first), count, kind);
  }

  void allocate() {
    const std::uint64_t pages = below(8) == 0 ? 1 + below(100) : 1 + below(6);
    const std::uint64_t alignment = below(3) == 0 ? std::uint64_t{1} << below(7) : 1;
    const auto start = pool.allocate({pages}, {alignment});
    ASSERT_EQ(start.ok(), fits(pages, alignment)) << pages << " aligned to " << alignment;
    if (!start.ok()) return;
    const std::uint64_t first = (start.value() - memory.page(0)) / kPageSize;
    ASSERT_TRUE(start.value().is_aligned(alignment * kPageSize));
    ASSERT_TRUE(all(first, pages, Page::kFree));
    mark(first, pages, Page::kUsed);
    std::memset(to_virtual(start.value()).as(), 0x5a, pages * kPageSize);
  }

  void allocate_at() {
    const std::uint64_t first = below(kPages), pages = 1 + below(std::min(kPages - first, 8ul));
    const bool done = pool.allocate_at(memory.pages(first, pages)).ok();
    ASSERT_EQ(done, all(first, pages, Page::kFree));
    if (done) mark(first, pages, Page::kUsed);
  }

  void free_some() {
    const std::uint64_t first = below(kPages);
    std::uint64_t pages = 0;
    while (first + pages != kPages && model[first + pages] == Page::kUsed && below(16) != 0)
      ++pages;
    if (pages == 0) return;
    pool.free(memory.pages(first, pages));
    mark(first, pages, Page::kFree);
  }

  void plug() {
    const std::uint64_t first = below(kPages), pages = 1 + below(std::min(kPages - first, 40ul));
    if (below(2) == 0) {
      const bool known = all(first, pages, Page::kGone);
      const Errc error = pool.add_region(memory.pages(first, pages)).error();
      ASSERT_EQ(error, known ? Errc{} : Errc::kExists);
      if (known) mark(first, pages, Page::kFree);
      return;
    }
    const bool free = all(first, pages, Page::kFree);
    ASSERT_EQ(pool.remove_region(memory.pages(first, pages)).ok(), free);
    if (free) mark(first, pages, Page::kGone);
  }

  void compare() const {
    const Statistics now = pool.statistics();
    const auto gone =
        static_cast<std::uint64_t>(std::count(model.begin(), model.end(), Page::kGone));
    const auto free =
        static_cast<std::uint64_t>(std::count(model.begin(), model.end(), Page::kFree));
    ASSERT_EQ(now.total.count, kPages - gone);
    ASSERT_EQ(now.free.count, free);
    ASSERT_EQ(now.largest_free.count, longest_free());
  }

  FakeMemory memory{kPages};
  PageAllocator pool;
  std::vector<Page> model = std::vector<Page>(kPages, Page::kFree);
  std::mt19937_64 random{GetParam()};
};

TEST_P(RandomTest, agrees_with_a_map_of_every_page) {
  for (int step = 0; step != 20'000; ++step) {
    // The balance tips back and forth between nearly full and nearly empty.
    const bool filling = step / 500 % 2 == 0;
    const std::uint64_t what = below(20);
    if (what == 0)
      plug();
    else if (what == 1)
      allocate_at();
    else if (what < (filling ? 14u : 6u))
      allocate();
    else
      free_some();
    if (HasFatalFailure()) FAIL() << "at step " << step << " of seed " << GetParam();
    if (step % 16 == 0) compare();
    if (HasFatalFailure()) FAIL() << "at step " << step << " of seed " << GetParam();
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomTest, testing::Values(1u, 2u, 3u, 20261121u));

}  // namespace
}  // namespace atl::page_alloc
