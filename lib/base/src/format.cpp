// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/format.hpp>

namespace atl {
namespace {

/// 2^64 - 1 has 20 decimal digits.
constexpr std::size_t kMaxDigits = 20;

/// Padding is for columns; more is a mistake.
constexpr unsigned kMaxWidth = 64;

/// How `{...}` wants its value.
struct Form {
  bool hex = false;
  bool prefix = false;
  bool zeros = false;
  unsigned width = 0;
};

/// Reads what stands between `{` and `}`; `at` is left behind the `}`.
Form read_form(std::string_view pattern, std::size_t& at) {
  Form form;
  for (; at < pattern.size(); ++at) {
    const char c = pattern[at];
    if (c == '}') {
      ++at;
      break;
    }
    if (c == 'x') form.hex = true;
    if (c == '#') form.prefix = true;
    if (c == '0' && form.width == 0) form.zeros = true;
    if (c >= '0' && c <= '9') {
      const unsigned width = form.width * 10 + static_cast<unsigned>(c - '0');
      form.width = width < kMaxWidth ? width : kMaxWidth;
    }
  }
  return form;
}

void pad(TextWriter& out, char with, std::size_t used, unsigned width) {
  for (; used < width; ++used) out.character(with);
}

void put_number(TextWriter& out, std::uint64_t value, bool negative, Form form) {
  std::array<char, kMaxDigits + 1> room;
  TextWriter digits{room};
  form.hex ? digits.hex(value) : digits.decimal(value);
  std::size_t used = digits.view().size() + (negative ? 1 : 0) + (form.prefix ? 2 : 0);
  if (!form.zeros) pad(out, ' ', used, form.width);
  if (negative) out.character('-');
  if (form.prefix) out.text("0x");
  if (form.zeros) pad(out, '0', used, form.width);
  out.text(digits.view());
}

void put(TextWriter& out, const FormatArgument& argument, Form form) {
  using Kind = FormatArgument::Kind;
  const std::uint64_t number = argument.number();
  switch (argument.kind()) {
    case Kind::kSigned: {
      const bool negative = !form.hex && static_cast<std::int64_t>(number) < 0;
      put_number(out, negative ? 0 - number : number, negative, form);
      break;
    }
    case Kind::kAddress:
      form.prefix = form.prefix || !form.hex;
      form.hex = true;
      [[fallthrough]];
    case Kind::kUnsigned:
      put_number(out, number, false, form);
      break;
    case Kind::kCharacter:
      pad(out, ' ', 1, form.width);
      out.character(static_cast<char>(number));
      break;
    case Kind::kText:
      out.text(argument.text());
      pad(out, ' ', argument.text().size(), form.width);
      break;
  }
}

}  // namespace

TextWriter& TextWriter::character(char value) {
  if (used_ + 1 < buffer_.size()) {
    buffer_[used_++] = value;
    buffer_[used_] = 0;
  } else {
    truncated_ = true;
  }
  return *this;
}

TextWriter& TextWriter::text(std::string_view value) {
  for (const char c : value) character(c);
  return *this;
}

TextWriter& TextWriter::decimal(std::uint64_t value) {
  char digits[kMaxDigits];
  std::size_t first = kMaxDigits;
  do {
    digits[--first] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  return text({digits + first, kMaxDigits - first});
}

TextWriter& TextWriter::signed_decimal(std::int64_t value) {
  if (value >= 0) return decimal(static_cast<std::uint64_t>(value));
  return character('-').decimal(0 - static_cast<std::uint64_t>(value));
}

TextWriter& TextWriter::hex(std::uint64_t value, unsigned digits) {
  unsigned shift = 60;
  while (shift > 0 && (value >> shift) == 0 && shift / 4 + 1 > digits) shift -= 4;
  for (;; shift -= 4) {
    character("0123456789abcdef"[(value >> shift) & 15]);
    if (shift == 0) return *this;
  }
}

void TextWriter::clear() {
  used_ = 0;
  buffer_[0] = 0;
  truncated_ = false;
}

void format(TextWriter& out, std::string_view pattern, std::span<const FormatArgument> arguments) {
  std::size_t next = 0;
  for (std::size_t at = 0; at < pattern.size();) {
    const char c = pattern[at++];
    if (c != '{' && c != '}') {
      out.character(c);
      continue;
    }
    const bool doubled = at < pattern.size() && pattern[at] == c;
    if (doubled || c == '}') {
      out.character(c);
      if (doubled) ++at;
      continue;
    }
    const Form form = read_form(pattern, at);
    if (next < arguments.size()) {
      put(out, arguments[next++], form);
    } else {
      out.text("{?}");
    }
  }
}

}  // namespace atl
