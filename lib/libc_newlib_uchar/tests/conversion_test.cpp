// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// The conversions over the host's mbrtowc() and wcrtomb(), against the host's own functions
// of <uchar.h>. Where those take what is no character, Unicode's tables say what is right.
#include "../src/conversion.hpp"

#include <gtest/gtest.h>
#include <uchar.h>

#include <cerrno>
#include <clocale>
#include <random>
#include <string>

namespace atl::uchar {
namespace {

bool is_character(char32_t value) {
  return value < 0xd800 || (value > 0xdfff && value <= 0x10ffff);
}

class Conversion : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(std::setlocale(LC_CTYPE, "C.UTF-8"), nullptr); }
};

TEST_F(Conversion, OfEveryCharacterIsTheHosts) {
  for (char32_t character = 0; character <= 0x10ffff; ++character) {
    std::mbstate_t ours{}, theirs{};
    char bytes[8] = {}, expected[8] = {};
    const std::size_t length = from_utf32(bytes, character, ours);
    if (!is_character(character)) {
      ASSERT_EQ(length, kInvalid);
      continue;
    }
    ASSERT_EQ(length, ::c32rtomb(expected, character, &theirs));
    ASSERT_EQ(std::string(bytes, length), std::string(expected, length));
    char32_t back = 0;
    ASSERT_EQ(to_utf32(&back, bytes, length, ours), character == 0 ? 0 : length);
    ASSERT_EQ(back, character);

    char16_t units[2] = {}, wanted[2] = {};
    ASSERT_EQ(to_utf16(&units[0], bytes, length, ours),
              ::mbrtoc16(&wanted[0], bytes, length, &theirs));
    if (character > 0xffff) {
      ASSERT_EQ(to_utf16(&units[1], "", 0, ours), kPending);
      ASSERT_EQ(::mbrtoc16(&wanted[1], "", 0, &theirs), kPending);
    }
    ASSERT_EQ(std::u16string(units, 2), std::u16string(wanted, 2));
    char again[8] = {};
    std::size_t stored = from_utf16(again, units[0], ours);
    if (character > 0xffff) {
      ASSERT_EQ(stored, 0U);
      stored = from_utf16(again, units[1], ours);
    }
    ASSERT_EQ(std::string(again, stored), std::string(bytes, length));
    ASSERT_NE(std::mbsinit(&ours), 0);
  }
}

TEST_F(Conversion, OfEveryPairOfUnitsIsTheHosts) {
  for (const unsigned first : {0x41, 0xd7ff, 0xd800, 0xd83d, 0xdbff, 0xdc00, 0xdfff, 0xe000}) {
    for (unsigned second = 0; second <= 0xffff; ++second) {
      std::mbstate_t ours{}, theirs{};
      char bytes[8] = {}, expected[8] = {};
      for (const unsigned value : {first, second}) {
        const auto unit = static_cast<char16_t>(value);
        const std::size_t length = from_utf16(bytes, unit, ours);
        ASSERT_EQ(length, ::c16rtomb(expected, unit, &theirs)) << first << ' ' << second;
        if (length == kInvalid) break;
        ASSERT_EQ(std::string(bytes, length), std::string(expected, length));
      }
    }
  }
}

// What Unicode's table 3-7 takes for well-formed, without the libc.
std::size_t by_the_table(const std::string& bytes, char32_t& character) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char first = at(0);
  if (first < 0x80) {
    character = first;
    return first == 0 ? 0 : 1;
  }
  if (first < 0xc2 || first > 0xf4) return kInvalid;
  const std::size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  character = first & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if (i == bytes.size()) return kIncomplete;
    unsigned char least = 0x80, most = 0xbf;
    if (i == 1 && first == 0xe0) least = 0xa0;
    if (i == 1 && first == 0xed) most = 0x9f;
    if (i == 1 && first == 0xf0) least = 0x90;
    if (i == 1 && first == 0xf4) most = 0x8f;
    if (at(i) < least || at(i) > most) return kInvalid;
    character = character << 6 | (at(i) & 0x3fU);
  }
  return length;
}

// The host waits longer than newlib before it refuses some of them.
TEST_F(Conversion, OfAnyBytesIsUnicodes) {
  std::mt19937 random{17};
  const unsigned char bytes_of_interest[] = {0x00, 0x41, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1,
                                             0xc2, 0xdf, 0xe0, 0xe2, 0xed, 0xef, 0xf0, 0xf4, 0xf5};
  for (int round = 0; round < 300'000; ++round) {
    std::string bytes(4, '\0');
    for (char& byte : bytes) {
      byte = static_cast<char>(bytes_of_interest[random() % sizeof bytes_of_interest]);
    }
    char32_t expected = 0, character = 0;
    const std::size_t wanted = by_the_table(bytes, expected);
    std::mbstate_t state{};
    errno = 0;
    ASSERT_EQ(to_utf32(&character, bytes.data(), bytes.size(), state), wanted) << round;
    if (wanted == kInvalid) {
      ASSERT_EQ(errno, EILSEQ);
    } else {
      ASSERT_EQ(character, expected);
    }
    // Byte by byte the outcome is the same, at the latest with the last.
    state = {};
    std::size_t used = kIncomplete;
    for (std::size_t i = 0; i < bytes.size() && used == kIncomplete; ++i) {
      errno = 0;
      used = to_utf32(&character, &bytes[i], 1, state);
      ASSERT_EQ(errno, used == kInvalid ? EILSEQ : 0);
    }
    ASSERT_EQ(used == kInvalid, wanted == kInvalid) << round;
    if (wanted != kInvalid) ASSERT_EQ(character, expected);
    ASSERT_NE(std::mbsinit(&state), 0);
  }
}

}  // namespace
}  // namespace atl::uchar
