// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "../src/place.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace {

using namespace atl;
using virtio_mmio::parse_place;

void expect(std::string_view text, std::uint64_t size, std::uint64_t start, std::uint32_t line) {
  const auto place = parse_place(text);
  ASSERT_TRUE(place.ok()) << text;
  EXPECT_EQ(place.value().registers, (PhysRange{PhysAddr{start}, size})) << text;
  EXPECT_EQ(place.value().line, line) << text;
}

TEST(Place, as_monitors_write_it) {
  expect("512@0xfeb00e00:12", 512, 0xfeb0'0e00, 12);
  expect("4K@0xd0000000:5", 4096, 0xd000'0000, 5);
  expect("1K@0x100b0000:48:7", 1024, 0x100b'0000, 48);
}

TEST(Place, sizes_and_bases_have_suffixes) {
  expect("0x200@1M:1", 512, 1 << 20, 1);
  expect("4k@1G:0", 4096, 1 << 30, 0);
  expect("1m@4g:1", 1 << 20, std::uint64_t{4} << 30, 1);
  expect("0xffffffffffffffff@0:4294967295", ~std::uint64_t{0}, 0, 0xffff'ffff);
}

TEST(Place, what_is_none_is_refused) {
  for (const std::string_view text : {"",
                                      "@",
                                      "@:",
                                      "512",
                                      "512@",
                                      "512@0xfeb00000",
                                      "512@0xfeb00000:",
                                      ":5",
                                      "@0xfeb00000:5",
                                      "512@:5",
                                      "512@0xfeb00000:5:",
                                      "512@0xfeb00000:5:x",
                                      "512@0xfeb00000:5:1:2",
                                      "512@0xfeb00000:5 ",
                                      " 512@0xfeb00000:5",
                                      "-512@0xfeb00000:5",
                                      "K@0xfeb00000:5",
                                      "512T@0xfeb00000:5",
                                      "4KK@0xfeb00000:5",
                                      "512@0xfeb00000@1:5",
                                      "512@0xfeb00000:5K"}) {
    EXPECT_EQ(parse_place(text).error(), Errc::kInvalidArgument) << text;
  }
}

TEST(Place, numbers_that_do_not_fit_are_refused) {
  for (const std::string_view text :
       {"18446744073709551616@0:1", "0x4000000000000000G@0:1", "18014398509481984K@0:1",
        "1@18014398509481984K:1", "1@0:4294967296", "1@0:1:4294967296"}) {
    EXPECT_EQ(parse_place(text).error(), Errc::kOutOfRange) << text;
  }
}

TEST(Place, any_text_is_a_place_or_refused) {
  std::mt19937 random{7};
  constexpr std::string_view kLetters = "0123456789xabcfKMG@:: ";
  int places = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string text;
    for (std::size_t size = random() % 12; size > 0; --size) {
      text += kLetters[random() % kLetters.size()];
    }
    places += parse_place(text).ok() ? 1 : 0;
  }
  EXPECT_GT(places, 10);
}

}  // namespace
