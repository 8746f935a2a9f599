// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <atoll/boot_info_entry.hpp>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <tuple>
#include <vector>

namespace atl {
namespace {

using boot_entry::add_region;
using boot_entry::reserve;

constexpr std::uint64_t kLimit = std::uint64_t{1} << 52;

PhysRange range(std::uint64_t start, std::uint64_t size) { return {PhysAddr{start}, size}; }

struct Piece {
  std::uint64_t start;
  std::uint64_t size;
  MemoryKind kind;
  bool operator==(const Piece&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Piece& piece) {
  return out << std::hex << "[" << piece.start << " +" << piece.size << " kind "
             << static_cast<int>(piece.kind) << "]";
}

class BootInfoTest : public testing::Test {
 protected:
  std::unique_ptr<BootInfo> owned = std::make_unique<BootInfo>();
  BootInfo& info = *owned;

  /// The regions in order, after a check of what always holds.
  std::vector<Piece> pieces() {
    std::vector<Piece> found;
    for (const MemoryRegion& region : info.memory()) {
      EXPECT_FALSE(region.range.empty());
      EXPECT_LE(region.range.start.value(), kLimit);
      EXPECT_LE(region.range.size, kLimit - region.range.start.value());
      found.push_back({region.range.start.value(), region.range.size, region.kind});
    }
    std::sort(found.begin(), found.end(),
              [](const Piece& a, const Piece& b) { return a.start < b.start; });
    for (std::size_t i = 1; i < found.size(); ++i) {
      EXPECT_LE(found[i - 1].start + found[i - 1].size, found[i].start) << "regions overlap";
    }
    return found;
  }
};

using enum MemoryKind;

TEST_F(BootInfoTest, regions_keep_what_was_said) {
  add_region(info, range(0, 0x9f000), kUsable);
  add_region(info, range(0x100000, 0x7f00000), kUsable);
  add_region(info, range(0xf0000, 0x10000), kReserved);
  EXPECT_EQ(pieces(), (std::vector<Piece>{{0, 0x9f000, kUsable},
                                          {0xf0000, 0x10000, kReserved},
                                          {0x100000, 0x7f00000, kUsable}}));
}

TEST_F(BootInfoTest, empty_region_is_ignored) {
  add_region(info, range(0x1000, 0), kUsable);
  add_region(info, range(0, 0), kReserved);
  EXPECT_TRUE(pieces().empty());
}

TEST_F(BootInfoTest, neighbours_become_one) {
  add_region(info, range(0x1000, 0x1000), kUsable);
  add_region(info, range(0x2000, 0x1000), kUsable);
  add_region(info, range(0x0, 0x1000), kUsable);
  EXPECT_EQ(pieces(), (std::vector<Piece>{{0, 0x3000, kUsable}}));
}

TEST_F(BootInfoTest, repeated_usable_memory_is_counted_once) {
  add_region(info, range(0x1000, 0x3000), kUsable);
  add_region(info, range(0x0, 0x10000), kUsable);
  std::uint64_t usable = 0;
  for (const Piece& piece : pieces()) usable += piece.size;
  EXPECT_EQ(usable, 0x10000u);
}

TEST_F(BootInfoTest, reserved_wins_in_either_order) {
  add_region(info, range(0x4000, 0x1000), kReserved);
  add_region(info, range(0x0, 0x10000), kUsable);
  add_region(info, range(0x8000, 0x1000), kReserved);
  EXPECT_EQ(pieces(), (std::vector<Piece>{{0, 0x4000, kUsable},
                                          {0x4000, 0x1000, kReserved},
                                          {0x5000, 0x3000, kUsable},
                                          {0x8000, 0x1000, kReserved},
                                          {0x9000, 0x7000, kUsable}}));
}

TEST_F(BootInfoTest, region_that_wraps_is_cut_at_the_top_of_physical_memory) {
  add_region(info, range(kLimit - 0x1000, ~std::uint64_t{0}), kUsable);
  add_region(info, range(~std::uint64_t{0}, 2), kUsable);
  add_region(info, range(~std::uint64_t{0} - 0xfff, 0x2000), kReserved);
  EXPECT_EQ(pieces(), (std::vector<Piece>{{kLimit - 0x1000, 0x1000, kUsable}}));
}

TEST_F(BootInfoTest, reserve_splits_in_the_middle) {
  add_region(info, range(0x0, 0x10000), kUsable);
  reserve(info, range(0x4000, 0x2000));
  EXPECT_EQ(pieces(),
            (std::vector<Piece>{
                {0, 0x4000, kUsable}, {0x4000, 0x2000, kKept}, {0x6000, 0xa000, kUsable}}));
}

TEST_F(BootInfoTest, reserve_cuts_the_ends) {
  add_region(info, range(0x1000, 0x3000), kUsable);
  add_region(info, range(0x8000, 0x3000), kUsable);
  reserve(info, range(0x2000, 0x7000));
  EXPECT_EQ(pieces(), (std::vector<Piece>{{0x1000, 0x1000, kUsable},
                                          {0x2000, 0x2000, kKept},
                                          {0x8000, 0x1000, kKept},
                                          {0x9000, 0x2000, kUsable}}));
}

TEST_F(BootInfoTest, reserve_takes_whole_regions) {
  add_region(info, range(0x1000, 0x1000), kUsable);
  add_region(info, range(0x3000, 0x1000), kUsable);
  reserve(info, range(0, ~std::uint64_t{0}));
  EXPECT_EQ(pieces(), (std::vector<Piece>{{0x1000, 0x1000, kKept}, {0x3000, 0x1000, kKept}}));
}

TEST_F(BootInfoTest, shared_pages_are_kept_whatever_the_map_says) {
  add_region(info, range(0x1000, 0x3000), kUsable);
  add_region(info, range(0x4000, 0x3000), kReserved);
  add_region(info, range(0x9000, 0x1000), MemoryKind::kAcpi);
  boot_entry::share(info, range(0x3000, 0x2000));
  boot_entry::share(info, range(0x8000, 0x3000));
  EXPECT_EQ(pieces(), (std::vector<Piece>{{0x1000, 0x2000, kUsable},
                                          {0x3000, 0x2000, kKept},
                                          {0x5000, 0x2000, kReserved},
                                          {0x8000, 0x3000, kKept}}));
}

TEST_F(BootInfoTest, reserve_outside_of_ram_adds_nothing) {
  add_region(info, range(0x1000, 0x1000), kUsable);
  add_region(info, range(0x3000, 0x1000), kReserved);
  reserve(info, range(0x2000, 0x10000));
  reserve(info, range(0x1800, 0));
  EXPECT_EQ(pieces(), (std::vector<Piece>{{0x1000, 0x1000, kUsable}, {0x3000, 0x1000, kReserved}}));
}

TEST_F(BootInfoTest, more_regions_than_fit_are_counted) {
  for (std::uint64_t i = 0; i < 200; ++i) add_region(info, range(i * 0x2000, 0x1000), kUsable);
  EXPECT_EQ(info.region_count + info.regions_dropped, 200u);
  EXPECT_GT(info.regions_dropped, 0u);
}

TEST_F(BootInfoTest, a_full_table_still_records_what_the_entry_reserves) {
  for (std::uint64_t i = 0; i < 200; ++i) add_region(info, range(i * 0x20000, 0x10000), kUsable);
  for (std::uint64_t i = 0; i < 4; ++i) reserve(info, range(i * 0x20000 + 0x1000, 0x1000));
  std::size_t kept = 0;
  for (const Piece& piece : pieces()) kept += piece.kind == kKept;
  EXPECT_EQ(kept, 4u);
}

TEST_F(BootInfoTest, reserved_memory_never_stays_usable_when_the_table_is_full) {
  add_region(info, range(0, 0x10000000), kUsable);
  for (std::uint64_t i = 0; i < 500; ++i) {
    reserve(info, range(i * 0x2000 + 0x1000, 0x1000));
    add_region(info, range(0x800000 + i * 0x2000, 0x1000), kReserved);
  }
  for (const Piece& piece : pieces()) {
    if (piece.kind != kUsable) continue;
    for (std::uint64_t i = 0; i < 500; ++i) {
      EXPECT_FALSE(range(piece.start, piece.size).overlaps(range(i * 0x2000 + 0x1000, 0x1000)));
      EXPECT_FALSE(range(piece.start, piece.size).overlaps(range(0x800000 + i * 0x2000, 0x1000)));
    }
  }
}

/// Random maps against a model with one byte of knowledge per page.
TEST_F(BootInfoTest, random_maps_agree_with_a_model) {
  constexpr std::size_t kPages = 64;
  std::mt19937 random{20240607};
  for (int round = 0; round < 2000; ++round) {
    info = BootInfo{};
    std::vector<int> model(kPages, -1);
    for (int step = 0; step < 8; ++step) {
      const std::size_t first = random() % kPages;
      const std::size_t count = random() % (kPages - first + 1);
      const unsigned what = random() % 4;
      const PhysRange chosen = range(first * kPageSize, count * kPageSize);
      if (what == 3) {
        reserve(info, chosen);
      } else {
        add_region(info, chosen, static_cast<MemoryKind>(what));
      }
      for (std::size_t page = first; page < first + count; ++page) {
        int& known = model[page];
        if (what == 3) {
          if (known == static_cast<int>(kUsable)) known = static_cast<int>(kKept);
        } else if (known == -1 || known == static_cast<int>(kUsable)) {
          known = known == -1 || what != static_cast<unsigned>(kUsable) ? static_cast<int>(what)
                                                                        : known;
        }
      }
    }
    ASSERT_EQ(info.regions_dropped, 0u);
    std::vector<int> found(kPages, -1);
    for (const Piece& piece : pieces()) {
      for (std::uint64_t at = piece.start; at < piece.start + piece.size; at += kPageSize) {
        found[at / kPageSize] = static_cast<int>(piece.kind);
      }
    }
    ASSERT_EQ(found, model) << "round " << round;
  }
}

TEST_F(BootInfoTest, command_line_ends_at_its_nul) {
  boot_entry::copy_command_line(info, std::string_view{"log.level=debug\0junk", 20});
  EXPECT_EQ(info.command_line(), "log.level=debug");
  EXPECT_FALSE(info.command_line_truncated);
}

TEST_F(BootInfoTest, command_line_without_nul_ends_with_its_memory) {
  const std::vector<char> text{'a', 'b'};
  boot_entry::copy_command_line(info, text);
  EXPECT_EQ(info.command_line(), "ab");
}

TEST_F(BootInfoTest, runs_of_ram_join_what_touches_or_shares_a_page) {
  add_region(info, range(0x8000, 0x1800), kUsable);  // shares its last page with the next
  add_region(info, range(0x9900, 0x0700), kAcpi);    // touches the one after it
  add_region(info, range(0xa000, 0x1000), kUsable);
  add_region(info, range(0x3000, 0x1000), kUsable);
  add_region(info, range(0x5000, 0x1000), kReserved);
  std::vector<PhysRange> found;
  PhysAddr from;
  for (PhysRange run = boot_entry::next_ram(info, from); !run.empty();
       run = boot_entry::next_ram(info, from)) {
    found.push_back(run);
    from = run.end();
  }
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].start.value(), 0x3000u);
  EXPECT_EQ(found[0].size, 0x1000u);
  EXPECT_EQ(found[1].start.value(), 0x8000u);
  EXPECT_EQ(found[1].size, 0x3000u);
}

TEST_F(BootInfoTest, the_rest_of_a_run_begins_where_it_is_asked_for) {
  add_region(info, range(0x3000, 0x4000), kUsable);
  const PhysRange rest = boot_entry::next_ram(info, PhysAddr{0x5000});
  EXPECT_EQ(rest.start.value(), 0x5000u);
  EXPECT_EQ(rest.size, 0x2000u);
  EXPECT_TRUE(boot_entry::next_ram(info, PhysAddr{0x7000}).empty());
}

TEST_F(BootInfoTest, ram_comes_in_pieces_that_are_constant_or_not) {
  add_region(info, range(0x1000, 0x1000), kUsable);
  add_region(info, range(0x10000, 0x8000), kUsable);
  add_region(info, range(0x20000, 0x1000), kUsable);
  std::vector<std::tuple<std::uint64_t, std::uint64_t, bool>> found;
  boot_entry::each_ram(info, range(0x12000, 0x3000),
                       [&](PhysAddr first, PhysAddr last, bool constant) {
                         if (first < last)
                           found.emplace_back(first.value(), last.value(), constant);
                       });
  const decltype(found) expected = {{0x1000, 0x2000, false},
                                    {0x10000, 0x12000, false},
                                    {0x12000, 0x15000, true},
                                    {0x15000, 0x18000, false},
                                    {0x20000, 0x21000, false}};
  EXPECT_EQ(found, expected);
}

TEST_F(BootInfoTest, command_line_at_the_limit_is_whole_and_beyond_is_marked) {
  const std::string exact(BootInfo::kMaxCommandLine, 'x');
  boot_entry::copy_command_line(info, std::span{exact.c_str(), exact.size() + 1});
  EXPECT_EQ(info.command_line(), exact);
  EXPECT_FALSE(info.command_line_truncated);

  boot_entry::copy_command_line(info, exact + "y");
  EXPECT_EQ(info.command_line(), exact);
  EXPECT_TRUE(info.command_line_truncated);
}

TEST_F(BootInfoTest, random_seed_is_bounded) {
  const std::vector<std::byte> seed(100, std::byte{7});
  boot_entry::copy_random_seed(info, seed);
  EXPECT_EQ(info.random_seed().size(), BootInfo::kMaxRandomSeed);
}

TEST(BootInfo, seed_is_wiped_when_it_was_used) {
  BootInfo& info = boot_info_for_entry();
  const std::vector<std::byte> seed(32, std::byte{7});
  boot_entry::copy_random_seed(info, seed);
  forget_random_seed();
  EXPECT_TRUE(boot_info().random_seed().empty());
  EXPECT_EQ(info.random_seed_bytes, (std::array<std::byte, BootInfo::kMaxRandomSeed>{}));
}

}  // namespace
}  // namespace atl
