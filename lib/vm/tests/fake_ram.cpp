// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "fake_ram.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <atoll/direct_map.hpp>
#include <atoll/page_alloc.hpp>

namespace atl {
namespace vm {
namespace {

constexpr std::uint64_t kBlock = 2 << 20;

FakeRam* ram = nullptr;

PhysAddr table_page(void*) {
  const PhysAddr page = ram->allocate(1);
  if (page != PhysAddr{}) {
    std::fill_n(to_virtual(page).as<std::byte>(), kPageSize, std::byte{0});
  }
  return page;
}

}  // namespace

FakeRam::FakeRam(std::size_t pages) : bytes_(pages * kPageSize + kBlock), taken_(pages) {
  ram = this;
  const VirtAddr start = VirtAddr::of(bytes_.data()).align_up(kBlock);
  direct_map_base = VirtAddr{start.value() - kStart};
  const PhysAddr root = table_page(nullptr);
  arch::Cpu::set_kernel_page_table(root);
  // In blocks, as the entry maps RAM.
  PageTable made{root,
                 {.reach = direct_map_base.value(), .allocate = &table_page, .largest_block = 1}};
  const auto mapped = made.map(to_virtual(PhysAddr{kStart}), PhysAddr{kStart}, PageCount{pages},
                               arch::Access::kReadWrite);
  EXPECT_TRUE(mapped.ok());
}

FakeRam::~FakeRam() { ram = nullptr; }

PhysAddr FakeRam::allocate(std::size_t pages) {
  ++requests;
  if (pages > budget || (fragmented && pages > 1)) return PhysAddr{};
  for (std::size_t first = 0; first + pages <= taken_.size(); ++first) {
    const auto begin = taken_.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = begin + static_cast<std::ptrdiff_t>(pages);
    if (std::find(begin, end, true) != end) continue;
    std::fill(begin, end, true);
    if (budget != ~std::size_t{0}) budget -= pages;
    return PhysAddr{kStart + first * kPageSize};
  }
  return PhysAddr{};
}

void FakeRam::free(PhysAddr start, std::size_t pages) {
  for (std::size_t i = 0; i < pages; ++i) {
    const std::size_t index = (start.value() - kStart) / kPageSize + i;
    ASSERT_TRUE(taken_.at(index)) << "freed twice";
    taken_[index] = false;
  }
}

std::size_t FakeRam::largest_free() const {
  if (fragmented) return 1;
  std::size_t largest = 0;
  std::size_t run = 0;
  for (const bool taken : taken_) {
    run = taken ? 0 : run + 1;
    largest = std::max(largest, run);
  }
  return largest;
}

std::size_t FakeRam::used() const {
  return static_cast<std::size_t>(std::count(taken_.begin(), taken_.end(), true));
}

PageTable FakeRam::table() {
  return PageTable{arch::Cpu::kernel_page_table(),
                   {.reach = direct_map_base.value(), .allocate = &table_page}};
}

arch::Access FakeRam::alias(PhysAddr frame) { return table().lookup(to_virtual(frame))->access; }

}  // namespace vm

namespace page_alloc {

Result<PhysAddr> allocate(PageCount pages, PageCount) {
  const PhysAddr start = vm::ram->allocate(pages.count);
  if (start == PhysAddr{}) return fail(Errc::kNoMemory);
  return start;
}

void free(PhysAddr start, PageCount pages) { vm::ram->free(start, pages.count); }

Statistics statistics() {
  return {.total = {}, .free = {vm::ram->free_pages()}, .largest_free = {vm::ram->largest_free()}};
}

}  // namespace page_alloc
}  // namespace atl
