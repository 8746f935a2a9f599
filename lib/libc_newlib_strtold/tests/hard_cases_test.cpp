// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Rounding, bit by bit: numbers half-way between two, and those next to them.
#include "oracle.hpp"

#include <random>
#include <string>
#include <vector>

namespace atl::floating {

template <typename F>
class HardCases : public ::testing::Test {};
TYPED_TEST_SUITE(HardCases, Formats);

namespace {

using Mantissa = unsigned __int128;

// mantissa * 2^exponent as a decimal text, exactly, without an exponent's help
// where it is an integer: digits times powers of 2 or 5, in words of nine.
std::string exact(Mantissa mantissa, int exponent) {
  std::vector<std::uint64_t> words;
  for (; mantissa != 0; mantissa /= 1'000'000'000)
    words.push_back(static_cast<std::uint64_t>(mantissa % 1'000'000'000));
  for (int left = exponent < 0 ? -exponent : exponent; left > 0; --left) {
    std::uint64_t factor = exponent < 0 ? 5 : 2;
    for (; left > 1 && factor < 1'000'000'000; --left) factor *= exponent < 0 ? 5 : 2;
    std::uint64_t carry = 0;
    for (std::uint64_t& word : words) {
      const Mantissa sum = static_cast<Mantissa>(word) * factor + carry;
      word = static_cast<std::uint64_t>(sum % 1'000'000'000);
      carry = static_cast<std::uint64_t>(sum / 1'000'000'000);
    }
    for (; carry != 0; carry /= 1'000'000'000) words.push_back(carry % 1'000'000'000);
  }
  std::string digits;
  for (std::size_t at = words.size(); at-- > 0;) {
    const std::string word = std::to_string(words[at]);
    digits += digits.empty() ? word : std::string(9 - word.size(), '0') + word;
  }
  while (digits.size() > 1 && digits.back() == '0' && exponent < 0) {
    digits.pop_back();
    ++exponent;
  }
  return exponent < 0 ? digits + "e" + std::to_string(exponent) : digits;
}

// The text with its digits, not its exponent, changed.
std::string with_digits(const std::string& text, std::string (*change)(std::string)) {
  const std::size_t e = text.find('e');
  const std::string digits = text.substr(0, e);
  const std::string changed = change(digits);
  const int added = static_cast<int>(changed.size() - digits.size());
  const int exponent = e == std::string::npos ? 0 : std::stoi(text.substr(e + 1));
  return changed + "e" + std::to_string(exponent - added);
}

std::string little_more(std::string digits) { return digits + std::string(30, '0') + "1"; }
std::string more_far_behind(std::string digits) { return digits + std::string(13'000, '0') + "1"; }
std::string nothing_more(std::string digits) { return digits + std::string(13'000, '0'); }
std::string little_less(std::string digits) {
  std::size_t at = digits.size() - 1;
  for (; digits[at] == '0'; --at) digits[at] = '9';
  --digits[at];
  return digits + std::string(25, '9');
}
std::string less_far_behind(std::string digits) {
  return little_less(std::move(digits)) + std::string(13'000, '9');
}

template <typename F>
void expect_rounded(const std::string& text, Mantissa mantissa, int exponent) {
  const char* end = nullptr;
  const Number number = read(text.c_str(), F::kFormat, end);
  const Number expected = round({mantissa, exponent, false}, F::kFormat);
  EXPECT_TRUE(number.kind == expected.kind && number.mantissa == expected.mantissa &&
              number.exponent == expected.exponent)
      << shortened(text);
  EXPECT_EQ(*end, 0);
  expect_as_host<F>(text);
}

// Around the middle of mantissa * 2^exponent and the next number.
template <typename F>
void expect_middle(Mantissa mantissa, int exponent) {
  const std::string middle = exact(mantissa * 2 + 1, exponent - 1);
  const Mantissa even = mantissa + (mantissa & 1);
  expect_rounded<F>(middle, even, exponent);
  expect_rounded<F>(with_digits(middle, little_more), mantissa + 1, exponent);
  expect_rounded<F>(with_digits(middle, little_less), mantissa, exponent);
}

template <typename F>
Mantissa random_mantissa(std::mt19937_64& random) {
  constexpr Mantissa kTop = static_cast<Mantissa>(1) << (F::kFormat.precision - 1);
  const Mantissa drawn = static_cast<Mantissa>(random()) << 64 | random();
  return kTop | (drawn & (kTop - 1));
}

}  // namespace

TYPED_TEST(HardCases, TheMiddleOfTwoNumbers) {
  constexpr Format kFormat = TypeParam::kFormat;
  const int highest = kFormat.limit - kFormat.precision;
  std::mt19937_64 random(7);
  for (int i = 0; i < 60; ++i) {
    const int near = static_cast<int>(random() % 200) - 150;
    expect_middle<TypeParam>(random_mantissa<TypeParam>(random), near);
    const int width = highest - kFormat.least_exponent;
    const int any =
        kFormat.least_exponent + static_cast<int>(random() % static_cast<unsigned>(width));
    expect_middle<TypeParam>(random_mantissa<TypeParam>(random), any);
  }
}

// What decides is the last of many bits.
TYPED_TEST(HardCases, IntegersNextToTheMiddle) {
  constexpr Format kFormat = TypeParam::kFormat;
  std::mt19937_64 random(11);
  for (const int exponent : {60, 200, 500, 900, kFormat.limit - kFormat.precision}) {
    const Mantissa mantissa = random_mantissa<TypeParam>(random);
    std::string digits = exact(mantissa * 2 + 1, exponent - 1);
    expect_rounded<TypeParam>(digits, mantissa + (mantissa & 1), exponent);
    ++digits.back();  // an even digit before
    expect_rounded<TypeParam>(digits, mantissa + 1, exponent);
  }
}

TYPED_TEST(HardCases, SubnormalNumbers) {
  constexpr int kLeast = TypeParam::kFormat.least_exponent;
  const Mantissa normal = static_cast<Mantissa>(1) << (TypeParam::kFormat.precision - 1);
  for (const Mantissa mantissa : {Mantissa{0}, Mantissa{1}, Mantissa{2}, normal / 3, normal / 2,
                                  normal - 2, normal - 1, normal, normal + 1, 2 * normal - 2}) {
    expect_middle<TypeParam>(mantissa, kLeast);
    if (mantissa != 0) expect_rounded<TypeParam>(exact(mantissa, kLeast), mantissa, kLeast);
  }
  std::mt19937_64 random(8);
  for (int i = 0; i < 20; ++i)
    expect_middle<TypeParam>(random_mantissa<TypeParam>(random) >> (1 + random() % 30), kLeast);
}

// More digits than are kept.
TYPED_TEST(HardCases, DigitsWithoutEnd) {
  constexpr Format kFormat = TypeParam::kFormat;
  const Mantissa most = (static_cast<Mantissa>(1) << kFormat.precision) - 1;
  for (const Mantissa mantissa : {most, most - 1}) {
    const std::string longest = exact(mantissa * 2 + 1, kFormat.least_exponent - 1);
    const int exponent = kFormat.least_exponent;
    expect_rounded<TypeParam>(longest, mantissa + (mantissa & 1), exponent);
    expect_rounded<TypeParam>(with_digits(longest, nothing_more), mantissa + (mantissa & 1),
                              exponent);
    expect_rounded<TypeParam>(with_digits(longest, more_far_behind), mantissa + 1, exponent);
    expect_rounded<TypeParam>(with_digits(longest, less_far_behind), mantissa, exponent);
  }
  expect_rounded<TypeParam>("1." + std::string(20'000, '0') + "1", 1, 0);
  expect_rounded<TypeParam>("0." + std::string(20'000, '9'), 1, 0);
  expect_as_host<TypeParam>(std::string(20'000, '3') + "e-19990");
}

TYPED_TEST(HardCases, TheLargestNumbers) {
  constexpr Format kFormat = TypeParam::kFormat;
  const Mantissa most = (static_cast<Mantissa>(1) << kFormat.precision) - 1;
  const int highest = kFormat.limit - kFormat.precision;
  expect_rounded<TypeParam>(exact(most, highest), most, highest);
  expect_middle<TypeParam>(most - 1, highest);
  expect_middle<TypeParam>(most, highest);  // from the middle on: infinite
}

TYPED_TEST(HardCases, PowersOfTen) {
  for (int power = -5010; power <= 4990; power += power > -330 && power < 330 ? 1 : 7) {
    expect_as_host<TypeParam>("1e" + std::to_string(power));
    expect_as_host<TypeParam>("-9.5e" + std::to_string(power));
  }
}

TYPED_TEST(HardCases, RandomDecimals) {
  std::mt19937_64 random(9);
  for (int i = 0; i < 5'000; ++i) {
    std::string text(1 + random() % (i % 50 == 0 ? 3000 : 60), '0');
    for (char& digit : text) digit = static_cast<char>('0' + random() % 10);
    text.insert(random() % text.size(), 1, '.');
    const int range = i % 2 == 0 ? 640 : 10'000;
    const int exponent = static_cast<int>(random() % static_cast<unsigned>(range)) - range / 2;
    expect_as_host<TypeParam>(text + "e" + std::to_string(exponent));
  }
}

TYPED_TEST(HardCases, RandomHexadecimals) {
  std::mt19937_64 random(10);
  for (int i = 0; i < 5'000; ++i) {
    std::string text(1 + random() % 45, '0');
    for (char& digit : text) digit = "00088ff123456789abcdefABCDEF"[random() % 28];
    text.insert(random() % text.size(), 1, '.');
    const int range = i % 2 == 0 ? 2'300 : 33'600;
    const int exponent = static_cast<int>(random() % static_cast<unsigned>(range)) - range / 2;
    expect_as_host<TypeParam>("0x" + text + "p" + std::to_string(exponent));
  }
}

}  // namespace atl::floating
