// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
//
// Every conversion and length modifier of ISO C17 7.21.6.1 and 7.21.6.2, through
// the C library's own functions, in the image.
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <atoll/vm_test.hpp>

namespace {

char text[512];

bool is(const char* expected) { return strcmp(text, expected) == 0; }

}  // namespace

#define PRINTS(expected, ...)                                   \
  do {                                                          \
    const int count = snprintf(text, sizeof text, __VA_ARGS__); \
    VM_EXPECT(is(expected));                                    \
    VM_EXPECT_EQ(count, static_cast<int>(strlen(expected)));    \
  } while (false)

VM_TEST(LibcPrintf, integers_of_every_length) {
  PRINTS("-1 -2 -3 -4 -5 -6 -7 -8", "%hhd %hd %d %ld %lld %jd %zd %td", -1, -2, -3, -4L, -5LL,
         static_cast<intmax_t>(-6), static_cast<ssize_t>(-7), static_cast<ptrdiff_t>(-8));
  PRINTS("255 65535 4294967295 18446744073709551615", "%hhu %hu %u %lu", 255U, 65535U, UINT32_MAX,
         UINT64_MAX);
  PRINTS("18446744073709551615 18446744073709551615 1 2", "%llu %ju %zu %tu",
         static_cast<unsigned long long>(UINT64_MAX), UINTMAX_MAX, sizeof(char),
         static_cast<ptrdiff_t>(2));
  PRINTS("-9223372036854775808", "%lld", static_cast<long long>(INT64_MIN));
  PRINTS("-128 -32768", "%hhd %hd", 128, 32768);
  PRINTS("ff FF 377 dead BEEF 7", "%hhx %hhX %hho %lx %llX %zo", 255U, 255U, 255U, 0xdeadUL,
         0xbeefULL, sizeof(char) * 7);
}

VM_TEST(LibcPrintf, integer_flags_width_and_precision) {
  PRINTS("   42|42   |00042|+42| 42", "%5d|%-5d|%05d|%+d|% d", 42, 42, 42, 42, 42);
  PRINTS("0x2a|0X2A|052|0|00", "%#x|%#X|%#o|%#x|%#.2o", 42U, 42U, 42U, 0U, 0U);
  PRINTS("  007|007  ||+7", "%5.3d|%-5.3d|%.0d|%+.0d", 7, 7, 0, 7);
  PRINTS("    5|6    |7", "%*d|%*d|%.*d", 5, 5, -5, 6, -1, 7);
}

VM_TEST(LibcPrintf, floating_point) {
  PRINTS("1.500000 -0.000000 123456.789000", "%f %f %f", 1.5, -0.0, 123456.789);
  PRINTS("1.500000e+00 1.5E+300", "%e %.1E", 1.5, 1.5e300);
  PRINTS("0.0001 1e-05 100000 1e+06 1.50000", "%g %g %g %g %#g", 0.0001, 0.00001, 100000.0, 1e6,
         1.5);
  PRINTS("0x1.8p+0 0X1P-3 0x1.000p+0", "%a %A %.3a", 1.5, 0.125, 1.0);
  PRINTS("inf -INF nan   inf", "%f %F %g %5f", __builtin_inf(), -__builtin_inf(), __builtin_nan(""),
         __builtin_inf());
  PRINTS("0 2 2 4", "%.0f %.0f %.0f %.0f", 0.5, 1.5, 2.5, 3.5);
  PRINTS("0.1000000000000000055511151231257827", "%.34f", 0.1);
  PRINTS("1.25 2.5e+10 0x1p+0", "%.2Lf %.1Le %La", 1.25L, 2.5e10L, 1.0L);
  PRINTS("1.7976931348623157e+308", "%.17g", 1.7976931348623157e308);
}

VM_TEST(LibcPrintf, text_characters_pointers_and_counts) {
  PRINTS("abc|  abc|abc  |ab", "%s|%5s|%-5s|%.2s", "abc", "abc", "abc", "abc");
  PRINTS("a|    b|%", "%c|%5c|%%", 'a', 'b');
  PRINTS("wide w", "%ls %lc", L"wide", static_cast<wint_t>(L'w'));
  PRINTS("0x1234", "%p", reinterpret_cast<void*>(0x1234));
  signed char c = 0;
  short s = 0;
  int i = 0;
  long l = 0;
  long long ll = 0;
  intmax_t j = 0;
  size_t z = 0;
  ptrdiff_t t = 0;
  PRINTS("12345678", "1%hhn2%hn3%n4%ln5%lln6%jn7%zn8%tn", &c, &s, &i, &l, &ll, &j,
         reinterpret_cast<ssize_t*>(&z), &t);
  VM_EXPECT(c == 1 && s == 2 && i == 3 && l == 4 && ll == 5 && j == 6 && z == 7 && t == 8);
}

VM_TEST(LibcPrintf, bounded_and_allocated_results) {
  volatile int number = 123456;  // the compiler would warn of what is meant
  VM_EXPECT_EQ(snprintf(text, 4, "%d", number), 6);
  VM_EXPECT(is("123"));
  VM_EXPECT_EQ(snprintf(nullptr, 0, "%d", 123456), 6);
  VM_EXPECT_EQ(sprintf(text, "%s-%d", "x", 7), 3);
  VM_EXPECT(is("x-7"));
  char* grown = nullptr;
  VM_EXPECT_EQ(asprintf(&grown, "%0300d", 1), 300);
  VM_EXPECT_EQ(strlen(grown), 300U);
  VM_EXPECT_EQ(asprintf(&grown, "%s", ""), 0);
  VM_EXPECT_EQ(grown[0], 0);
}

VM_TEST(LibcScanf, integers_of_every_length) {
  signed char hh = 0;
  short h = 0;
  int i = 0;
  long l = 0;
  long long ll = 0;
  intmax_t j = 0;
  size_t z = 0;
  ptrdiff_t t = 0;
  VM_EXPECT_EQ(sscanf("-1 -2 -3 -4 -5 -6 7 -8", "%hhd %hd %d %ld %lld %jd %zu %td", &hh, &h, &i, &l,
                      &ll, &j, &z, &t),
               8);
  VM_EXPECT(hh == -1 && h == -2 && i == -3 && l == -4 && ll == -5 && j == -6 && z == 7 && t == -8);
  unsigned o = 0, x = 0, u = 0;
  VM_EXPECT_EQ(sscanf("17 0x1F 42", "%o %x %u", &o, &x, &u), 3);
  VM_EXPECT(o == 15 && x == 31 && u == 42);
  int base10 = 0, base8 = 0, base16 = 0;
  VM_EXPECT_EQ(sscanf("10 010 0x10", "%i %i %i", &base10, &base8, &base16), 3);
  VM_EXPECT(base10 == 10 && base8 == 8 && base16 == 16);
}

VM_TEST(LibcScanf, floating_point_of_every_length) {
  float f = 0;
  double d = 0;
  long double L = 0;
  VM_EXPECT_EQ(sscanf("1.5 -2.25e2 0x1.8p1", "%f %lf %Lf", &f, &d, &L), 3);
  VM_EXPECT(f == 1.5F && d == -225.0 && L == 3.0L);
  VM_EXPECT_EQ(sscanf("0.1 0.1 0.1", "%f %lf %Lf", &f, &d, &L), 3);
  VM_EXPECT(f == 0.1F && d == 0.1 && L == 0.1L);
  VM_EXPECT_EQ(sscanf("inf nan", "%g %le", &f, &d), 2);
  VM_EXPECT(f > 1e38F && d != d);
  VM_EXPECT_EQ(sscanf("12345", "%3lg", &d), 1);
  VM_EXPECT(d == 123.0);
}

VM_TEST(LibcScanf, text_sets_characters_and_the_rest) {
  char word[16], set[16], letters[4] = {};
  VM_EXPECT_EQ(sscanf("hello abc123 xyz", "%15s %[a-c]123 %3c", word, set, letters), 3);
  VM_EXPECT(strcmp(word, "hello") == 0 && strcmp(set, "abc") == 0 &&
            memcmp(letters, "xyz", 3) == 0);
  wchar_t wide[16];
  VM_EXPECT_EQ(sscanf("wide", "%ls", wide), 1);
  VM_EXPECT_EQ(wide[3], L'e');
  int first = 0, last = 0, count = 0;
  VM_EXPECT_EQ(sscanf("1 2 3%", "%d %*d %d%%%n", &first, &last, &count), 2);
  VM_EXPECT(first == 1 && last == 3 && count == 6);
  void* pointer = nullptr;
  VM_EXPECT_EQ(sscanf("0x1234", "%p", &pointer), 1);
  VM_EXPECT_EQ(pointer, reinterpret_cast<void*>(0x1234));
  VM_EXPECT_EQ(sscanf("", "%d", &first), EOF);
  VM_EXPECT_EQ(sscanf("x", "%d", &first), 0);
}
