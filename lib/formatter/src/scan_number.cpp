// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <cctype>
#include <cstring>

#include "reader.hpp"

namespace atl::formatter {

namespace {

int digit_value(int c) {
  if (c >= '0' && c <= '9') return c - '0';
  const int letter = c | 0x20;
  return letter >= 'a' && letter <= 'z' ? letter - 'a' + 10 : 99;
}

// The characters of a field: a bounded run out of a Reader.
class Field {
 public:
  Field(Reader& reader, std::int64_t width) : reader_(reader), left_(width) {}

  int peek() { return left_ > 0 ? reader_.peek() : -1; }
  int take() {
    if (left_ <= 0) return -1;
    --left_;
    return reader_.take();
  }
  bool accept(char lower) {
    if ((peek() | 0x20) != (lower | 0x20) || peek() < 0) return false;
    take();
    return true;
  }
  bool empty_input() { return reader_.peek() < 0; }

 private:
  Reader& reader_;
  std::int64_t left_;
};

}  // namespace

ScannedInteger scan_integer(Reader& reader, int base, std::int64_t width) {
  Field field(reader, width);
  ScannedInteger result{Scanned::kMismatch, 0, false, false};
  if (field.empty_input()) {
    result.outcome = Scanned::kEndOfInput;
    return result;
  }
  if (field.peek() == '+' || field.peek() == '-') result.negative = field.take() == '-';
  bool digits = false;
  if ((base == 0 || base == 16) && field.peek() == '0') {
    field.take();
    digits = true;
    if (field.accept('x')) {
      base = 16;
      digits = false;  // "0x" alone is no number: what is read cannot be given back
    } else if (base == 0) {
      base = 8;
    }
  }
  if (base == 0) base = 10;
  for (; digit_value(field.peek()) < base; digits = true) {
    const auto digit = static_cast<std::uintmax_t>(digit_value(field.take()));
    const auto by = static_cast<std::uintmax_t>(base);
    if (result.magnitude > (UINTMAX_MAX - digit) / by) {
      result.overflow = true;
    } else {
      result.magnitude = result.magnitude * by + digit;
    }
  }
  if (digits) result.outcome = Scanned::kDone;
  return result;
}

namespace {

// The text of a number on its way to strtod(), with room for so many digits.
class Collected {
 public:
  Collected(char* text, std::size_t size) : text_(text), room_(size - 16) {}

  void put(char character) { text_[size_++] = character; }

  // A digit of the mantissa: leading zeros weigh nothing, and once there is no
  // room a digit that is not 0 leaves a trace in the last place.
  void digit(char character, bool fraction, int bits) {
    any_ = true;
    if (!started_ && character == '0') {
      if (fraction) weight_ -= bits;
      return;
    }
    started_ = true;
    if (size_ < room_) {
      put(character);
      if (fraction) weight_ -= bits;
    } else {
      if (character != '0') text_[size_ - 1] |= 1;
      if (!fraction) weight_ += bits;
    }
  }

  [[nodiscard]] bool any() const { return any_; }

  // Ends the text with the exponent that the digits' weight and `exponent` make.
  void finish(char letter, std::int64_t exponent) {
    if (!started_) {
      put('0');
      weight_ = 0;
      exponent = 0;
    }
    exponent += weight_;
    constexpr std::int64_t kLimit = 99999;
    exponent = exponent > kLimit ? kLimit : exponent < -kLimit ? -kLimit : exponent;
    put(letter);
    put(exponent < 0 ? '-' : '+');
    if (exponent < 0) exponent = -exponent;
    for (std::int64_t unit = 10000; unit > 0; unit /= 10)
      put(static_cast<char>('0' + exponent / unit % 10));
    text_[size_] = 0;
  }

  void word(const char* text) {
    std::strcpy(text_ + size_, text);
    size_ += std::strlen(text);
  }

 private:
  char* text_;
  std::size_t size_ = 0;
  std::size_t room_;
  std::int64_t weight_ = 0;
  bool started_ = false;
  bool any_ = false;
};

bool accept_word(Field& field, const char* word) {
  for (; *word != 0; ++word)
    if (!field.accept(*word)) return false;
  return true;
}

Scanned scan_infinity(Field& field, Collected& into) {
  if (!accept_word(field, "inf")) return Scanned::kMismatch;
  if ((field.peek() | 0x20) == 'i' && field.peek() >= 0 && !accept_word(field, "inity"))
    return Scanned::kMismatch;
  into.word("inf");
  return Scanned::kDone;
}

Scanned scan_nan(Field& field, Collected& into) {
  if (!accept_word(field, "nan")) return Scanned::kMismatch;
  if (field.peek() == '(') {
    field.take();
    while (std::isalnum(field.peek()) != 0 || field.peek() == '_') field.take();
    if (field.take() != ')') return Scanned::kMismatch;
  }
  into.word("nan");
  return Scanned::kDone;
}

}  // namespace

Scanned scan_floating(Reader& reader, std::int64_t width, char* text, std::size_t size) {
  Field field(reader, width);
  if (field.empty_input()) return Scanned::kEndOfInput;
  Collected into(text, size);
  if (field.peek() == '+' || field.peek() == '-') into.put(static_cast<char>(field.take()));
  if ((field.peek() | 0x20) == 'i') return scan_infinity(field, into);
  if ((field.peek() | 0x20) == 'n') return scan_nan(field, into);

  int base = 10;
  int bits = 1;  // what a digit adds to the exponent
  if (field.peek() == '0') {
    field.take();
    if (field.accept('x')) {
      base = 16;
      bits = 4;
      into.put('0');
      into.put('x');
    } else {
      into.digit('0', false, bits);
    }
  }
  for (bool fraction = false;;) {
    if (digit_value(field.peek()) < base) {
      into.digit(static_cast<char>(field.take()), fraction, bits);
    } else if (field.peek() == '.' && !fraction) {
      field.take();
      fraction = true;
    } else {
      break;
    }
  }
  if (!into.any()) return Scanned::kMismatch;

  std::int64_t exponent = 0;
  if (field.accept(base == 16 ? 'p' : 'e')) {
    bool negative = false;
    if (field.peek() == '+' || field.peek() == '-') negative = field.take() == '-';
    if (digit_value(field.peek()) >= 10) return Scanned::kMismatch;
    while (digit_value(field.peek()) < 10) {
      const int digit = digit_value(field.take());
      if (exponent < 100'000'000) exponent = exponent * 10 + digit;
    }
    if (negative) exponent = -exponent;
  }
  into.finish(base == 16 ? 'p' : 'e', exponent);
  return Scanned::kDone;
}

}  // namespace atl::formatter
