// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "decimal.hpp"

#include <bit>
#include <cfloat>
#include <cstring>

namespace atl::formatter {

namespace {

constexpr std::uint32_t kPowers[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

}  // namespace

Binary take_apart(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const int biased = static_cast<int>(bits >> 52 & 0x7ff);
  const std::uint64_t fraction = bits & ((std::uint64_t{1} << 52) - 1);
  Binary result{.negative = bits >> 63 != 0};
  if (biased == 0x7ff) {
    result.kind = fraction != 0 ? Binary::Kind::kNotANumber : Binary::Kind::kInfinite;
  } else {
    result.mantissa = biased != 0 ? fraction | std::uint64_t{1} << 52 : fraction;
    result.exponent = (biased != 0 ? biased : 1) - 1075;
  }
  return result;
}

// x87's extended format has its leading bit in memory (Intel SDM 1 §4.2.2);
// IEEE 754 binary128, arm64's long double, has not. Both have 15 bits of
// exponent. Integer arithmetic throughout: binary128 has no hardware.
Binary take_apart(long double value) {
#if LDBL_MANT_DIG == 64
  std::uint64_t fraction;
  std::uint16_t high;
  std::memcpy(&fraction, &value, sizeof fraction);
  std::memcpy(&high, reinterpret_cast<const char*>(&value) + sizeof fraction, sizeof high);
  const int biased = high & 0x7fff;
  Binary result{.negative = high >> 15 != 0};
  if (biased == 0x7fff) {
    const bool infinite = fraction << 1 == 0;
    result.kind = infinite ? Binary::Kind::kInfinite : Binary::Kind::kNotANumber;
  } else {
    result.mantissa = fraction;
    result.exponent = (biased != 0 ? biased : 1) - 16446;
  }
  return result;
#elif LDBL_MANT_DIG == 113
  const auto bits = std::bit_cast<unsigned __int128>(value);
  const int biased = static_cast<int>(static_cast<std::uint64_t>(bits >> 112) & 0x7fff);
  const unsigned __int128 one = 1;
  const unsigned __int128 fraction = bits & ((one << 112) - 1);
  Binary result{.negative = static_cast<std::uint64_t>(bits >> 64) >> 63 != 0};
  if (biased == 0x7fff) {
    result.kind = fraction != 0 ? Binary::Kind::kNotANumber : Binary::Kind::kInfinite;
  } else {
    result.mantissa = biased != 0 ? fraction | one << 112 : fraction;
    result.exponent = (biased != 0 ? biased : 1) - 16495;
  }
  return result;
#else
#error "long double has a format that is not known here"
#endif
}

// The mantissa enters as an integer in words of nine digits; the exponent is
// then applied in steps that keep every word in 32 bits and lose nothing.
Decimal::Decimal(const Binary& value, std::span<std::uint32_t> storage) : words_(storage.data()) {
  // Room in front for what grows to the left: one word per 29 bits.
  units_ = value.exponent > 0 ? static_cast<int>(storage.size()) - 1 : 6;
  begin_ = units_ + 1;
  end_ = begin_;
  // Horner's rule over the mantissa's bytes, from the most significant on.
  for (int shift = 120; shift >= 0; shift -= 8) {
    std::uint64_t carry = static_cast<std::uint8_t>(value.mantissa >> shift);
    for (int at = end_; at-- > begin_;) {
      const std::uint64_t sum = (static_cast<std::uint64_t>(words_[at]) << 8) + carry;
      words_[at] = static_cast<std::uint32_t>(sum % kBase);
      carry = sum / kBase;
    }
    if (carry != 0) words_[--begin_] = static_cast<std::uint32_t>(carry);
  }
  int exponent = value.mantissa != 0 ? value.exponent : 0;
  while (exponent > 0) {
    const unsigned bits = exponent < 29 ? static_cast<unsigned>(exponent) : 29;
    shift_left(bits);
    exponent -= static_cast<int>(bits);
  }
  while (exponent < 0) {
    const unsigned bits = exponent > -kDigits ? static_cast<unsigned>(-exponent) : kDigits;
    shift_right(bits);
    exponent += static_cast<int>(bits);
  }
}

void Decimal::shift_left(unsigned bits) {
  std::uint64_t carry = 0;
  for (int at = end_; at-- > begin_;) {
    const std::uint64_t sum = (static_cast<std::uint64_t>(words_[at]) << bits) + carry;
    words_[at] = static_cast<std::uint32_t>(sum % kBase);
    carry = sum / kBase;
  }
  if (carry != 0) words_[--begin_] = static_cast<std::uint32_t>(carry);
}

// 10^9 is a multiple of 2^9: what falls out of a word fits into the next.
void Decimal::shift_right(unsigned bits) {
  const std::uint32_t mask = (1U << bits) - 1;
  std::uint32_t carry = 0;
  for (int at = begin_; at < end_; ++at) {
    const std::uint32_t rest = words_[at] & mask;
    words_[at] = (words_[at] >> bits) + carry;
    carry = (kBase >> bits) * rest;
  }
  if (carry != 0) words_[end_++] = carry;
  trim();
}

void Decimal::trim() {
  while (begin_ < end_ && words_[begin_] == 0) ++begin_;
}

int Decimal::word_of(int place) const {
  const int words = place >= 0 ? place / kDigits : -((kDigits - 1 - place) / kDigits);
  return units_ - words;
}

unsigned Decimal::digit(int place) const {
  const int word = word_of(place);
  if (word < begin_ || word >= end_) return 0;
  const int within = place - (units_ - word) * kDigits;
  return words_[word] / kPowers[within] % 10;
}

int Decimal::top() const {
  if (begin_ >= end_) return 0;
  int within = kDigits - 1;
  while (words_[begin_] < kPowers[within]) --within;
  return (units_ - begin_) * kDigits + within;
}

int Decimal::bottom() const {
  int last = end_ - 1;
  while (last >= begin_ && words_[last] == 0) --last;
  if (last < begin_) return 0;
  int within = 0;
  while (within < kDigits - 1 && words_[last] % kPowers[within + 1] == 0) ++within;
  return (units_ - last) * kDigits + within;
}

bool Decimal::nonzero_below(int place) const {
  const int word = word_of(place);
  if (word >= end_) return false;
  if (word >= begin_) {
    const int within = place - (units_ - word) * kDigits;
    if (words_[word] % kPowers[within] != 0) return true;
  }
  for (int at = word < begin_ ? begin_ : word + 1; at < end_; ++at)
    if (words_[at] != 0) return true;
  return false;
}

void Decimal::round(int place) {
  const int word = word_of(place);
  if (word >= end_ || begin_ >= end_) return;
  const unsigned next = digit(place - 1);
  const bool up = next > 5 || (next == 5 && (nonzero_below(place - 1) || digit(place) % 2 != 0));
  const int within = place - (units_ - word) * kDigits;
  if (word < begin_) {
    // Everything lies below: what is left is 0, or one unit at `place`.
    if (!up) {
      begin_ = end_;
      return;
    }
    begin_ = word;
    end_ = word + 1;
    words_[word] = kPowers[within];
    return;
  }
  words_[word] -= words_[word] % kPowers[within];
  end_ = word + 1;
  if (up) {
    words_[word] += kPowers[within];
    for (int at = word; words_[at] >= kBase; --at) {
      words_[at] -= kBase;
      if (at == begin_) words_[--begin_] = 0;
      ++words_[at - 1];
    }
  }
  trim();
}

}  // namespace atl::formatter
