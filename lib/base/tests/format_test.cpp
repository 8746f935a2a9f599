// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <atoll/format.hpp>

#include <array>
#include <cinttypes>
#include <cstdio>
#include <random>
#include <string>

namespace {

using namespace atl;

template <typename... Arguments>
std::string formatted(FormatString<std::type_identity_t<Arguments>...> pattern,
                      const Arguments&... arguments) {
  std::array<char, 200> room;
  TextWriter out{room};
  format_to(out, pattern, arguments...);
  EXPECT_EQ(out.c_str()[out.view().size()], '\0');
  return std::string{out.view()};
}

TEST(FormatTest, shows_each_kind_of_argument) {
  EXPECT_EQ(formatted("plain"), "plain");
  EXPECT_EQ(formatted("{} {} {}", 0, -1, 42u), "0 -1 42");
  EXPECT_EQ(formatted("{}{}", 'a', "b"), "ab");
  EXPECT_EQ(formatted("{} {}", true, false), "true false");
  EXPECT_EQ(formatted("{}", std::string_view{"view"}), "view");
  EXPECT_EQ(formatted("{}", static_cast<const char*>(nullptr)), "(null)");
  EXPECT_EQ(formatted("{}", Errc::kNoMemory), "out of memory");
  EXPECT_EQ(formatted("{}", VirtAddr{0xffff'8000'0000'0000}), "0xffff800000000000");
  EXPECT_EQ(formatted("{:x}", PhysAddr{0x1000}), "1000");
  EXPECT_EQ(formatted("{} {}", PageCount{3}, 4_us), "3 4000");
  EXPECT_EQ(formatted("{}", reinterpret_cast<const void*>(16)), "0x10");
  EXPECT_EQ(formatted("{}", static_cast<std::uint8_t>(200)), "200");
}

TEST(FormatTest, extremes) {
  EXPECT_EQ(formatted("{}", INT64_MIN), "-9223372036854775808");
  EXPECT_EQ(formatted("{}", INT64_MAX), "9223372036854775807");
  EXPECT_EQ(formatted("{}", UINT64_MAX), "18446744073709551615");
  EXPECT_EQ(formatted("{:x}", UINT64_MAX), "ffffffffffffffff");
  EXPECT_EQ(formatted("{:x}", 0), "0");
}

TEST(FormatTest, widths_and_padding) {
  EXPECT_EQ(formatted("[{:5}]", 42), "[   42]");
  EXPECT_EQ(formatted("[{:05}]", -42), "[-0042]");
  EXPECT_EQ(formatted("[{:5}]", -42), "[  -42]");
  EXPECT_EQ(formatted("[{:08x}]", 0xbeefu), "[0000beef]");
  EXPECT_EQ(formatted("[{:#x}]", 255), "[0xff]");
  EXPECT_EQ(formatted("[{:#010x}]", 255), "[0x000000ff]");
  EXPECT_EQ(formatted("[{:10}]", 255), "[       255]");
  EXPECT_EQ(formatted("[{:5}]", "ab"), "[ab   ]");
  EXPECT_EQ(formatted("[{:3}]", 'c'), "[  c]");
  EXPECT_EQ(formatted("[{:2}]", 12345), "[12345]");
}

TEST(FormatTest, doubled_braces_are_braces) { EXPECT_EQ(formatted("{{}} {} }}", 1), "{} 1 }"); }

TEST(FormatTest, text_that_does_not_fit_is_cut_and_terminated) {
  std::array<char, 8> room;
  room.fill('#');
  TextWriter out{room};
  out.text("0123456789").decimal(5).hex(5);
  EXPECT_EQ(out.view(), "0123456");
  EXPECT_EQ(room[7], '\0');
  EXPECT_TRUE(out.truncated());
  out.clear();
  EXPECT_FALSE(out.truncated());
  EXPECT_EQ(out.text("ok").view(), "ok");
}

TEST(FormatTest, a_room_of_one_byte_holds_the_end_only) {
  char room[1] = {'#'};
  TextWriter out{room};
  out.text("x");
  EXPECT_EQ(out.view(), "");
  EXPECT_EQ(room[0], '\0');
}

TEST(FormatTest, numbers_agree_with_printf) {
  std::mt19937_64 random{4};
  for (int i = 0; i < 10000; ++i) {
    const std::uint64_t value = random() >> (random() % 64);
    char expected[128];
    std::snprintf(expected, sizeof expected, "%" PRIu64 " %" PRId64 " %" PRIx64 " %#" PRIx64,
                  value | 1, static_cast<std::int64_t>(value), value, value | 1);
    ASSERT_EQ(formatted("{} {} {:x} {:#x}", value | 1, static_cast<std::int64_t>(value), value,
                        value | 1),
              expected);
  }
}

// What the compiler refuses in a literal must still be harmless at run time.
TEST(FormatTest, hostile_patterns_are_survived) {
  const std::array<FormatArgument, 1> one{FormatArgument{7}};
  for (const char* pattern : {"{", "}", "{:", "{:0", "{:99999999999x}", "{?", "}{", "{}{}{}"}) {
    std::array<char, 300> room;
    TextWriter out{room};
    format(out, pattern, one);
    EXPECT_LE(out.view().size(), 150u) << pattern;
  }
  std::array<char, 40> room;
  TextWriter out{room};
  format(out, "{} {}", one);
  EXPECT_EQ(out.view(), "7 {?}");
}

TEST(FormatTest, hex_pads_to_the_digits_asked_for) {
  std::array<char, 64> room;
  TextWriter out{room};
  out.hex(0, 2).character(' ').hex(0xabc, 2).character(' ').hex(1, 16);
  EXPECT_EQ(out.view(), "00 abc 0000000000000001");
}

}  // namespace
