// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// The libc's functions in the image, against the compiler's own conversion of the
// same digits, bit by bit.
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <atoll/vm_test.hpp>

extern "C" long double _strtold_r(struct _reent* reent, const char* text, char** end);

namespace libc_strtold_test {

struct Known {
  const char* text;
  const wchar_t* wide;
  long double value;
};

#define KNOWN(number) \
  { #number, L## #number, number##L }

constexpr Known kKnown[] = {
    KNOWN(0.0),
    KNOWN(1.0),
    KNOWN(0.1),
    KNOWN(3.14159265358979323846264338327950288419716939937510582097494459230781640628620899),
    KNOWN(2.71828182845904523536028747135266249775724709369995957496696762772407663035354759),
    KNOWN(1e4000),
    KNOWN(1e-4000),
    KNOWN(123456789012345678901234567890123456789012345678901234567890e-17),
    // The largest number, the smallest normal and the smallest subnormal one.
    KNOWN(1.18973149535723176508575932662800701619646905264169404552969e4932),
    KNOWN(3.36210314311209350626267781732175260259807934484647124010882e-4932),
    KNOWN(6.47517511943802511092443895822764655e-4966),
    // Half-way between 1 and the next number, and a little more.
    KNOWN(
        1.00000000000000000000000000000000009629649721936179265279889712924636592690508241076940976199693977832794189453125),
    KNOWN(
        1.000000000000000000000000000000000096296497219361792652798897129246365926905082410769409761996939778327941894531250001),
    KNOWN(0x1.8p3),
    KNOWN(0x1.23456789abcdef0123456789abcdep-16000),
    KNOWN(0x.8p1),
};

bool same(long double left, long double right) { return memcmp(&left, &right, sizeof left) == 0; }

VM_TEST(LibcStrtold, gives_the_compiler_s_numbers) {
  for (const Known& known : kKnown) {
    char* end = nullptr;
    errno = 0;
    VM_EXPECT(same(strtold(known.text, &end), known.value));
    VM_EXPECT_EQ(*end, 0);
    VM_EXPECT_EQ(strlen(known.text), static_cast<size_t>(end - known.text));
  }
  VM_EXPECT(same(strtold("-0.1", nullptr), -0.1L));
  VM_EXPECT(same(strtold("-0", nullptr), -0.0L));
}

VM_TEST(LibcStrtold, every_door_leads_to_it) {
  for (const Known& known : kKnown) {
    char* end = nullptr;
    VM_EXPECT(same(strtold_l(known.text, &end, LC_GLOBAL_LOCALE), known.value));
    VM_EXPECT_EQ(*end, 0);
    VM_EXPECT(same(_strtold_r(nullptr, known.text, nullptr), known.value));
    wchar_t* wide_end = nullptr;
    VM_EXPECT(same(wcstold(known.wide, &wide_end), known.value));
    VM_EXPECT(*wide_end == 0);
  }
}

VM_TEST(LibcStrtold, infinities_nans_and_ends) {
  char* end = nullptr;
  const char* text = "-InFinitely";
  VM_EXPECT(same(strtold(text, &end), -HUGE_VALL));
  VM_EXPECT_EQ(end - text, 4);
  text = "nan(1)x";
  const long double nan = strtold(text, &end);
  VM_EXPECT(nan != nan);
  VM_EXPECT_EQ(end - text, 6);
  text = "0xg";
  VM_EXPECT(same(strtold(text, &end), 0.0L));
  VM_EXPECT_EQ(end - text, 1);
  text = "  +.e1";
  VM_EXPECT(same(strtold(text, &end), 0.0L));
  VM_EXPECT_EQ(end - text, 0);
}

VM_TEST(LibcStrtold, range_errors) {
  errno = 0;
  VM_EXPECT(same(strtold("inf", nullptr), HUGE_VALL));
  VM_EXPECT(same(strtold("0e99999999999999999999", nullptr), 0.0L));
  VM_EXPECT(same(strtold("0x1p-16494", nullptr), 6.47517511943802511092443895822764655e-4966L));
  VM_EXPECT_EQ(errno, 0);
  VM_EXPECT(same(strtold("-1e999999999999", nullptr), -HUGE_VALL));
  VM_EXPECT_EQ(errno, ERANGE);
  errno = 0;
  VM_EXPECT(same(strtold("1.2e4932", nullptr), HUGE_VALL));
  VM_EXPECT_EQ(errno, ERANGE);
  errno = 0;
  VM_EXPECT(same(strtold("1e-999999999999", nullptr), 0.0L));
  VM_EXPECT_EQ(errno, ERANGE);
  errno = 0;
  (void)strtold("1e-4940", nullptr);
  VM_EXPECT_EQ(errno, ERANGE);
}

VM_TEST(LibcStrtold, what_printf_writes_scanf_reads) {
  static char text[64];
  for (const Known& known : kKnown) {
    long double read = 0;
    snprintf(text, sizeof text, "%.36Le", known.value);
    VM_EXPECT_EQ(sscanf(text, "%Lf", &read), 1);
    VM_EXPECT(same(read, known.value));
    snprintf(text, sizeof text, "%La", known.value);
    VM_EXPECT_EQ(sscanf(text, "%Lf", &read), 1);
    VM_EXPECT(same(read, known.value));
  }
}

}  // namespace libc_strtold_test
