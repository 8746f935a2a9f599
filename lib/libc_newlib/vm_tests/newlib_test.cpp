// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// That newlib itself works on what it stands on: one or two functions of each
// kind. Conversion of numbers is the formatter's business.

#include <atoll/errc.hpp>
#include <atoll/vm_test.hpp>
#include <cstddef>
#include <string_view>

extern "C" {
char* getenv(const char* name);
int setenv(const char* name, const char* value, int overwrite);
int unsetenv(const char* name);
int putenv(char* text);
char* setlocale(int category, const char* locale);
void qsort(void* base, std::size_t count, std::size_t size,
           int (*compare)(const void*, const void*));
void* bsearch(const void* key, const void* base, std::size_t count, std::size_t size,
              int (*compare)(const void*, const void*));
long strtol(const char* text, char** end, int base);
unsigned long strtoul(const char* text, char** end, int base);
char* strerror(int number);
char* strdup(const char* text);
char* strtok_r(char* text, const char* separators, char** state);
std::size_t mbstowcs(wchar_t* to, const char* from, std::size_t count);
int snprintf(char* out, std::size_t size, const char* format, ...);
int sscanf(const char* text, const char* format, ...);
void* fmemopen(void* memory, std::size_t size, const char* mode);
int fclose(void* stream);
std::ptrdiff_t getline(char** line, std::size_t* room, void* stream);
std::ptrdiff_t getdelim(char** line, std::size_t* room, int delimiter, void* stream);
void free(void* block);
int* __errno();
}

namespace libc_newlib_test {

using std::string_view_literals::operator""sv;

int by_value(const void* left, const void* right) {
  const int difference = *static_cast<const int*>(left) - *static_cast<const int*>(right);
  return difference;
}

VM_TEST(Libc, lines_are_read_into_a_buffer_that_grows) {
  char text[] = "one\ntwo;three";
  void* const stream = fmemopen(text, sizeof text - 1, "r");
  VM_ASSERT(stream != nullptr);
  char* line = nullptr;
  std::size_t room = 0;
  VM_EXPECT_EQ(getline(&line, &room, stream), 4);
  VM_EXPECT(line == "one\n"sv && room >= 5);
  VM_EXPECT_EQ(getdelim(&line, &room, ';', stream), 4);
  VM_EXPECT(line == "two;"sv);
  VM_EXPECT_EQ(getline(&line, &room, stream), 5);
  VM_EXPECT(line == "three"sv);
  VM_EXPECT_EQ(getline(&line, &room, stream), -1);
  free(line);
  VM_EXPECT_EQ(fclose(stream), 0);
}

VM_TEST(Libc, environment_can_be_changed) {
  VM_EXPECT(getenv("LIBC_TEST") == nullptr);
  VM_ASSERT(setenv("LIBC_TEST", "one", 0) == 0);
  VM_EXPECT(getenv("LIBC_TEST") == "one"sv);
  VM_EXPECT_EQ(setenv("LIBC_TEST", "two", 0), 0);
  VM_EXPECT(getenv("LIBC_TEST") == "one"sv);
  VM_EXPECT_EQ(setenv("LIBC_TEST", "a longer value than before", 1), 0);
  VM_EXPECT(getenv("LIBC_TEST") == "a longer value than before"sv);
  VM_EXPECT_EQ(unsetenv("LIBC_TEST"), 0);
  VM_EXPECT(getenv("LIBC_TEST") == nullptr);
  *__errno() = 0;
  VM_EXPECT_EQ(setenv("A=B", "x", 1), -1);
  VM_EXPECT_EQ(atl::Errc{*__errno()}, atl::Errc::kInvalidArgument);
}

VM_TEST(Libc, sorts_and_searches) {
  int values[] = {5, -3, 9, 1, 0, 7, 7, -100};
  qsort(values, 8, sizeof(int), by_value);
  for (int i = 1; i < 8; ++i) VM_EXPECT_LE(values[i - 1], values[i]);
  const int key = 9;
  VM_EXPECT_EQ(bsearch(&key, values, 8, sizeof(int), by_value), static_cast<void*>(&values[7]));
}

VM_TEST(Libc, numbers_from_text) {
  char* end = nullptr;
  VM_EXPECT_EQ(strtol("-123x", &end, 10), -123);
  VM_EXPECT_EQ(*end, 'x');
  VM_EXPECT_EQ(strtoul("0xff", nullptr, 0), 255u);
  *__errno() = 0;
  VM_EXPECT_EQ(strtol("99999999999999999999", nullptr, 10), 0x7fffffffffffffff);
  VM_EXPECT_EQ(atl::Errc{*__errno()}, atl::Errc::kOutOfRange);
}

VM_TEST(Libc, text_of_linux_error_numbers) {
  VM_EXPECT(strerror(static_cast<int>(atl::Errc::kTimedOut)) == "Connection timed out"sv);
  VM_EXPECT(strerror(static_cast<int>(atl::Errc::kCancelled)) == "Operation canceled"sv);
  VM_EXPECT(strerror(static_cast<int>(atl::Errc::kNotImplemented)) == "Function not implemented"sv);
  constexpr int kStructureNeedsCleaning = 117;
  VM_EXPECT(strerror(kStructureNeedsCleaning) == "Structure needs cleaning"sv);
  constexpr int kLastWithText = 133;
  for (int number = 1; number <= kLastWithText; ++number) {
    if (number != 41 && number != 58) VM_EXPECT(!std::string_view{strerror(number)}.empty());
  }
}

VM_TEST(Libc, locale_and_wide_characters) {
  constexpr int kAll = 0;
  VM_ASSERT(setlocale(kAll, "C.UTF-8") != nullptr);
  wchar_t wide[4] = {};
  VM_EXPECT_EQ(mbstowcs(wide, "\xc3\xa9!", 4), 2u);
  VM_EXPECT_EQ(static_cast<int>(wide[0]), 0xe9);
  VM_EXPECT_EQ(mbstowcs(wide, "\xff", 4), static_cast<std::size_t>(-1));
  VM_EXPECT(setlocale(kAll, "xx_NOWHERE") == nullptr);
  VM_EXPECT(setlocale(kAll, "C") == "C"sv);
}

VM_TEST(Libc, formats_and_scans) {
  char text[40];
  VM_EXPECT_EQ(snprintf(text, sizeof text, "%s %d %#lx %zu", "a", -5, 255ul, sizeof text), 12);
  VM_EXPECT(text == "a -5 0xff 40"sv);
  const volatile std::size_t small = 4;
  VM_EXPECT_EQ(snprintf(text, small, "%s", "truncated"), 9);
  VM_EXPECT(text == "tru"sv);
  int number = 0;
  char word[8];
  VM_EXPECT_EQ(sscanf(" 42 word", "%d %7s", &number, word), 2);
  VM_EXPECT_EQ(number, 42);
  VM_EXPECT(word == "word"sv);
}

VM_TEST(Libc, copies_and_splits_text) {
  char* copy = strdup("one,two");
  VM_ASSERT(copy != nullptr);
  char* state = nullptr;
  VM_EXPECT(strtok_r(copy, ",", &state) == "one"sv);
  VM_EXPECT(strtok_r(nullptr, ",", &state) == "two"sv);
  VM_EXPECT(strtok_r(nullptr, ",", &state) == nullptr);
  free(copy);
}

}  // namespace libc_newlib_test
