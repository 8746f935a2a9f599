// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// ISO C17 §7.28 in the image, over newlib's own conversions and locales.
#include <errno.h>
#include <locale.h>
#include <string.h>
#include <uchar.h>
#include <wchar.h>
#include <atoll/vm_test.hpp>

namespace libc_uchar_test {

constexpr size_t kInvalid = static_cast<size_t>(-1);
constexpr size_t kIncomplete = static_cast<size_t>(-2);
constexpr size_t kPending = static_cast<size_t>(-3);

/// For as long as it lives. The others' tests are of the C locale.
class Locale {
 public:
  explicit Locale(const char* name) : is_set_(setlocale(LC_CTYPE, name) != nullptr) {}
  Locale(const Locale&) = delete;
  ~Locale() { setlocale(LC_CTYPE, "C"); }
  [[nodiscard]] bool is_set() const { return is_set_; }

 private:
  bool is_set_;
};

struct Known {
  char32_t character;
  const char* bytes;
  char16_t units[2];
};
constexpr Known kKnown[] = {
    {0x24, "\x24", {0x24}},
    {0x7f, "\x7f", {0x7f}},
    {0x80, "\xc2\x80", {0x80}},
    {0x7ff, "\xdf\xbf", {0x7ff}},
    {0x800, "\xe0\xa0\x80", {0x800}},
    {0x20ac, "\xe2\x82\xac", {0x20ac}},
    {0xd7ff, "\xed\x9f\xbf", {0xd7ff}},
    {0xe000, "\xee\x80\x80", {0xe000}},
    {0xffff, "\xef\xbf\xbf", {0xffff}},
    {0x10000, "\xf0\x90\x80\x80", {0xd800, 0xdc00}},
    {0x1f600, "\xf0\x9f\x98\x80", {0xd83d, 0xde00}},
    {0x10ffff, "\xf4\x8f\xbf\xbf", {0xdbff, 0xdfff}},
};

VM_TEST(LibcUchar, utf8_becomes_utf32_and_back) {
  const Locale utf8{"C.UTF-8"};
  VM_ASSERT(utf8.is_set());
  for (const Known& known : kKnown) {
    const size_t length = strlen(known.bytes);
    mbstate_t state{};
    char32_t character = 0;
    VM_EXPECT_EQ(mbrtoc32(&character, known.bytes, length + 1, &state), length);
    VM_EXPECT_EQ(character, known.character);
    VM_EXPECT(mbsinit(&state) != 0);
    char bytes[8] = {};
    VM_EXPECT_EQ(c32rtomb(bytes, known.character, &state), length);
    VM_EXPECT(strcmp(bytes, known.bytes) == 0);
    VM_EXPECT(mbsinit(&state) != 0);
  }
}

VM_TEST(LibcUchar, utf8_becomes_utf16_and_back) {
  const Locale utf8{"C.UTF-8"};
  for (const Known& known : kKnown) {
    const size_t length = strlen(known.bytes);
    const bool is_pair = known.units[1] != 0;
    mbstate_t state{};
    char16_t unit = 0;
    VM_EXPECT_EQ(mbrtoc16(&unit, known.bytes, length, &state), length);
    VM_EXPECT_EQ(unit, known.units[0]);
    VM_EXPECT_EQ(mbsinit(&state) == 0, is_pair);
    if (is_pair) {
      VM_EXPECT_EQ(mbrtoc16(&unit, "x", 1, &state), kPending);
      VM_EXPECT_EQ(unit, known.units[1]);
    }
    VM_EXPECT(mbsinit(&state) != 0);
    VM_EXPECT_EQ(mbrtoc16(&unit, "x", 1, &state), 1U);

    char bytes[8] = {};
    VM_EXPECT_EQ(c16rtomb(bytes, known.units[0], &state), is_pair ? 0 : length);
    if (is_pair) {
      VM_EXPECT(mbsinit(&state) == 0);
      VM_EXPECT_EQ(c16rtomb(bytes, known.units[1], &state), length);
    }
    VM_EXPECT(strcmp(bytes, known.bytes) == 0);
    VM_EXPECT(mbsinit(&state) != 0);
  }
}

VM_TEST(LibcUchar, byte_by_byte) {
  const Locale utf8{"C.UTF-8"};
  for (const Known& known : kKnown) {
    const size_t length = strlen(known.bytes);
    mbstate_t of_32{}, of_16{};
    char32_t character = 0;
    char16_t unit = 0;
    for (size_t i = 0; i + 1 < length; ++i) {
      errno = 0;
      VM_EXPECT_EQ(mbrtoc32(&character, known.bytes + i, 1, &of_32), kIncomplete);
      VM_EXPECT_EQ(mbrtoc16(&unit, known.bytes + i, 1, &of_16), kIncomplete);
      VM_EXPECT_EQ(mbrtoc32(&character, "", 0, &of_32), kIncomplete);
      VM_EXPECT_EQ(errno, 0);
    }
    VM_EXPECT_EQ(mbrtoc32(&character, known.bytes + length - 1, 1, &of_32), 1U);
    VM_EXPECT_EQ(mbrtoc16(&unit, known.bytes + length - 1, 1, &of_16), 1U);
    VM_EXPECT_EQ(character, known.character);
    VM_EXPECT_EQ(unit, known.units[0]);
  }
}

VM_TEST(LibcUchar, what_is_no_utf8) {
  const Locale utf8{"C.UTF-8"};
  for (const char* bytes : {
           "\x80",
           "\xbf",  // a rest without its beginning
           "\xc3(",
           "\xe2\x82(",
           "\xe2(",
           "\xf0\x9f\x98(",  // a beginning without its rest
           "\xc0\x80",
           "\xc1\xbf",
           "\xe0\x80\x80",
           "\xe0\x9f\xbf",
           "\xf0\x80\x80\x80",  // overlong
           "\xf0\x8f\xbf\xbf",
           "\xed\xa0\x80",
           "\xed\xaf\xbf",
           "\xed\xb0\x80",
           "\xed\xbf\xbf",              // surrogates
           "\xed\xa0\xbd\xed\xb8\x80",  // a pair of them
           "\xf4\x90\x80\x80",
           "\xf5\x80\x80\x80",
           "\xf8\x88\x80\x80\x80",  // above 0x10FFFF
           "\xfe",
           "\xff",
       }) {
    char32_t character = 0x55;
    char16_t unit = 0x55;
    mbstate_t state{};
    errno = 0;
    VM_EXPECT_EQ(mbrtoc32(&character, bytes, strlen(bytes), &state), kInvalid);
    VM_EXPECT_EQ(errno, EILSEQ);
    VM_EXPECT(mbsinit(&state) != 0);
    errno = 0;
    VM_EXPECT_EQ(mbrtoc16(&unit, bytes, strlen(bytes), &state), kInvalid);
    VM_EXPECT_EQ(errno, EILSEQ);
    VM_EXPECT(mbsinit(&state) != 0);
    VM_EXPECT(character == 0x55 && unit == 0x55);
  }
}

VM_TEST(LibcUchar, incomplete_is_only_what_can_become_a_character) {
  const Locale utf8{"C.UTF-8"};
  char32_t character = 0;
  for (const char* bytes : {"\xed\xa0", "\xed\xbf", "\xe0\x9f", "\xf0\x8f", "\xf4\x90"}) {
    mbstate_t state{};
    VM_EXPECT_EQ(mbrtoc32(&character, bytes, 2, &state), kInvalid);
    state = {};
    VM_EXPECT_EQ(mbrtoc32(&character, bytes, 1, &state), kIncomplete);
    VM_EXPECT_EQ(mbrtoc32(&character, bytes + 1, 1, &state), kInvalid);
  }
  for (const char* bytes : {"\xed\x9f", "\xe0\xa0", "\xf0\x90", "\xf4\x8f", "\xf4\x8f\xbf"}) {
    mbstate_t state{};
    VM_EXPECT_EQ(mbrtoc32(&character, bytes, strlen(bytes), &state), kIncomplete);
  }
}

VM_TEST(LibcUchar, what_is_no_character) {
  const Locale utf8{"C.UTF-8"};
  char bytes[8];
  for (const char32_t character : {0xd800U, 0xdbffU, 0xdc00U, 0xdfffU, 0x110000U, 0xffffffffU}) {
    mbstate_t state{};
    errno = 0;
    VM_EXPECT_EQ(c32rtomb(bytes, character, &state), kInvalid);
    VM_EXPECT_EQ(errno, EILSEQ);
  }
  mbstate_t state{};
  errno = 0;
  VM_EXPECT_EQ(c16rtomb(bytes, 0xdc00, &state), kInvalid);  // low without high
  VM_EXPECT_EQ(errno, EILSEQ);
  for (const char16_t second : {u'\x41', u'\xd800', u'\xdbff', u'\xe000', u'\0'}) {
    VM_EXPECT_EQ(c16rtomb(bytes, 0xd83d, &state), 0U);
    errno = 0;
    VM_EXPECT_EQ(c16rtomb(bytes, second, &state), kInvalid);
    VM_EXPECT_EQ(errno, EILSEQ);
    VM_EXPECT(mbsinit(&state) != 0);
  }
}

VM_TEST(LibcUchar, null_arguments) {
  const Locale utf8{"C.UTF-8"};
  mbstate_t state{};
  char16_t unit = 0;
  char32_t character = 0;
  char byte = 'x';
  VM_EXPECT_EQ(mbrtoc16(&unit, "", 1, &state), 0U);
  VM_EXPECT_EQ(mbrtoc32(&character, "", 1, &state), 0U);
  VM_EXPECT_EQ(c32rtomb(&byte, 0, &state), 1U);
  VM_EXPECT_EQ(byte, 0);
  VM_EXPECT_EQ(mbrtoc16(nullptr, "\xf0\x9f\x98\x80", 4, &state), 4U);
  VM_EXPECT_EQ(mbrtoc16(&unit, "x", 0, &state), kPending);
  VM_EXPECT_EQ(unit, 0xde00U);
  VM_EXPECT_EQ(mbrtoc32(nullptr, "\xc2\x80", 2, &state), 2U);
  // Without bytes, as with the end of a string: the state is initial afterwards.
  VM_EXPECT_EQ(mbrtoc16(&unit, nullptr, 5, &state), 0U);
  VM_EXPECT_EQ(unit, 0xde00U);
  VM_EXPECT_EQ(mbrtoc16(nullptr, "\xf0\x9f\x98\x80", 4, &state), 4U);
  VM_EXPECT_EQ(mbrtoc16(nullptr, nullptr, 0, &state), kPending);
  VM_EXPECT_EQ(mbrtoc32(&character, "\xf0\x9f", 2, &state), kIncomplete);
  VM_EXPECT_EQ(mbrtoc32(nullptr, nullptr, 0, &state), kInvalid);
  VM_EXPECT_EQ(c32rtomb(nullptr, 0xd800, &state), 1U);
  VM_EXPECT_EQ(c16rtomb(nullptr, 0xd800, &state), 1U);
  VM_EXPECT_EQ(c16rtomb(&byte, 0xd800, &state), 0U);
  VM_EXPECT_EQ(c16rtomb(nullptr, 0x41, &state), kInvalid);
  VM_EXPECT(mbsinit(&state) != 0);
}

VM_TEST(LibcUchar, each_function_has_a_state_of_its_own) {
  const Locale utf8{"C.UTF-8"};
  char16_t unit = 0;
  char32_t character = 0;
  char bytes[8] = {};
  VM_EXPECT_EQ(mbrtoc16(&unit, "\xe2\x82", 2, nullptr), kIncomplete);
  VM_EXPECT_EQ(mbrtoc32(&character, "\xf0\x9f\x98", 3, nullptr), kIncomplete);
  VM_EXPECT_EQ(c16rtomb(bytes, 0xd83d, nullptr), 0U);
  VM_EXPECT_EQ(c32rtomb(bytes, 'x', nullptr), 1U);
  VM_EXPECT_EQ(mbrtoc16(&unit, "\xac", 1, nullptr), 1U);
  VM_EXPECT_EQ(unit, 0x20acU);
  VM_EXPECT_EQ(mbrtoc32(&character, "\x80", 1, nullptr), 1U);
  VM_EXPECT_EQ(character, 0x1f600U);
  VM_EXPECT_EQ(c16rtomb(bytes, 0xde00, nullptr), 4U);
  VM_EXPECT(strcmp(bytes, "\xf0\x9f\x98\x80") == 0);
}

VM_TEST(LibcUchar, the_c_locale_has_a_character_for_each_byte) {
  mbstate_t state{};
  char16_t unit = 0;
  char32_t character = 0;
  char byte = 0;
  for (unsigned value = 1; value < 0x100; ++value) {
    const char in = static_cast<char>(value);
    VM_EXPECT_EQ(mbrtoc32(&character, &in, 1, &state), 1U);
    VM_EXPECT_EQ(mbrtoc16(&unit, &in, 1, &state), 1U);
    VM_EXPECT(character == value && unit == value);
    VM_EXPECT_EQ(c16rtomb(&byte, unit, &state), 1U);
    VM_EXPECT_EQ(byte, in);
  }
  VM_EXPECT_EQ(c32rtomb(&byte, 0x100, &state), kInvalid);
  VM_EXPECT_EQ(c16rtomb(&byte, 0x20ac, &state), kInvalid);
  VM_EXPECT_EQ(c16rtomb(&byte, 0xd83d, &state), 0U);
  VM_EXPECT_EQ(c16rtomb(&byte, 0xde00, &state), kInvalid);
}

VM_TEST(LibcUchar, japanese_sets_have_ascii) {
  for (const char* name : {"C.SJIS", "C.EUCJP"}) {
    const Locale japanese{name};
    VM_ASSERT(japanese.is_set());
    mbstate_t state{};
    char32_t character = 0;
    char bytes[8];
    VM_EXPECT_EQ(mbrtoc32(&character, "A", 1, &state), 1U);
    VM_EXPECT_EQ(character, U'A');
    VM_EXPECT_EQ(c32rtomb(bytes, U'A', &state), 1U);
    errno = 0;
    VM_EXPECT_EQ(mbrtoc32(&character, "\xb0\xa1", 2, &state), kInvalid);
    VM_EXPECT_EQ(c32rtomb(bytes, 0x4e9c, &state), kInvalid);
    VM_EXPECT_EQ(errno, EILSEQ);
  }
}

}  // namespace libc_uchar_test
