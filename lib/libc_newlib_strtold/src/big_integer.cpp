// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "big_integer.hpp"

#include <bit>
#include <cstring>

namespace atl::floating {

namespace {

// The largest power of 5 that fits a word.
constexpr int kStep = 13;
constexpr std::uint32_t kFiveToStep = 1'220'703'125;

std::uint32_t small_power_of_5(int power) {
  std::uint32_t result = 1;
  for (; power > 0; --power) result *= 5;
  return result;
}

}  // namespace

void BigInteger::multiply_add(std::uint32_t factor, std::uint32_t addend) {
  std::uint64_t carry = addend;
  for (int at = 0; at < size_; ++at) {
    const std::uint64_t sum = std::uint64_t{words_[at]} * factor + carry;
    words_[at] = static_cast<std::uint32_t>(sum);
    carry = sum >> 32;
  }
  if (carry != 0) words_[size_++] = static_cast<std::uint32_t>(carry);
}

void BigInteger::multiply_by_power_of_5(int power) {
  for (; power >= kStep; power -= kStep) multiply_add(kFiveToStep, 0);
  multiply_add(small_power_of_5(power), 0);
}

bool BigInteger::divide(std::uint32_t divisor) {
  std::uint64_t remainder = 0;
  for (int at = size_; at-- > 0;) {
    const std::uint64_t here = remainder << 32 | words_[at];
    words_[at] = static_cast<std::uint32_t>(here / divisor);
    remainder = here % divisor;
  }
  if (size_ > 0 && words_[size_ - 1] == 0) --size_;
  return remainder != 0;
}

// The floor of a floor is the floor of the whole quotient, which is an integer
// exactly when every step leaves no remainder.
bool BigInteger::divide_by_power_of_5(int power) {
  bool rest = false;
  for (; power >= kStep; power -= kStep) rest |= divide(kFiveToStep);
  return divide(small_power_of_5(power)) || rest;
}

void BigInteger::shift_left_words(int count) {
  const auto words = static_cast<std::size_t>(count);
  std::memmove(words_ + words, words_, static_cast<std::size_t>(size_) * sizeof words_[0]);
  std::memset(words_, 0, words * sizeof words_[0]);
  size_ += count;
}

int BigInteger::bit_length() const {
  if (size_ == 0) return 0;
  return (size_ - 1) * 32 + static_cast<int>(std::bit_width(words_[size_ - 1]));
}

Unrounded BigInteger::leading() const {
  Unrounded result;
  int at = size_;
  for (; at > 0 && size_ - at < 4; --at) result.mantissa = result.mantissa << 32 | words_[at - 1];
  if (at == 0) return result;
  const int room = 128 - floating::bit_length(result.mantissa);
  result.exponent = at * 32 - room;
  std::uint32_t next = words_[--at];
  if (room > 0) {
    result.mantissa = result.mantissa << room | next >> (32 - room);
    next <<= room;
  }
  result.more = next != 0;
  while (at > 0 && !result.more) result.more = words_[--at] != 0;
  return result;
}

}  // namespace atl::floating
