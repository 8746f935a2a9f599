// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/formatter.hpp>

#include <cerrno>
#include <climits>
#include <cstring>
#include <cwchar>

#include "writer.hpp"

namespace atl::formatter {

void Writer::put(const char* text, std::size_t size) {
  if (!ok_ || size == 0) return;
  if (size > static_cast<std::size_t>(INT_MAX - count_)) return fail(EOVERFLOW);
  if (!output_.write(output_, text, size)) return fail(0);
  count_ += static_cast<std::int64_t>(size);
}

void Writer::pad(char character, std::int64_t count) {
  char run[16];
  std::memset(run, character, sizeof run);
  for (; count > 0 && ok_; count -= static_cast<std::int64_t>(sizeof run))
    put(run, count < static_cast<std::int64_t>(sizeof run) ? static_cast<std::size_t>(count)
                                                           : sizeof run);
}

void Writer::fail(int error) {
  ok_ = false;
  if (error != 0) errno = error;
}

namespace {

// `word`, as much of it as an argument of `length` has.
std::int64_t sign_extended(std::int64_t word, Length length) {
  if (length == Length::kChar) return static_cast<signed char>(word);
  if (length == Length::kShort) return static_cast<short>(word);
  if (length == Length::kNone || length == Length::kLongDouble) return static_cast<int>(word);
  return word;
}

std::uint64_t zero_extended(std::int64_t word, Length length) {
  if (length == Length::kChar) return static_cast<unsigned char>(word);
  if (length == Length::kShort) return static_cast<unsigned short>(word);
  if (length == Length::kNone || length == Length::kLongDouble) return static_cast<unsigned>(word);
  return static_cast<std::uint64_t>(word);
}

void write_text(Writer& writer, const Specification& how, const char* text) {
  if (text == nullptr) text = "(null)";
  std::size_t size = 0;
  const std::size_t limit = how.precision < 0 ? SIZE_MAX : static_cast<std::size_t>(how.precision);
  while (size < limit && text[size] != 0) ++size;
  const auto shown = static_cast<std::int64_t>(size);
  writer.before(how, shown);
  writer.put(text, size);
  writer.after(how, shown);
}

// Calls `use(bytes, size)` for each whole multibyte character of `text` that
// fits the precision; false for one that has no multibyte form.
template <typename Use>
bool each_multibyte(const wchar_t* text, int precision, Use use) {
  char bytes[MB_LEN_MAX];
  std::mbstate_t state{};
  std::int64_t total = 0;
  const std::int64_t limit = precision < 0 ? INT64_MAX : precision;
  // A character is looked at only where there may be room for it: the array
  // need not end in a null character (7.21.6.1p8, s).
  while (total < limit && *text != 0) {
    const std::size_t size = std::wcrtomb(bytes, *text++, &state);
    if (size == static_cast<std::size_t>(-1)) return false;
    if (static_cast<std::int64_t>(size) > limit - total) break;
    total += static_cast<std::int64_t>(size);
    use(bytes, size);
  }
  return true;
}

void write_wide_text(Writer& writer, const Specification& how, const wchar_t* text) {
  if (text == nullptr) text = L"(null)";
  std::int64_t shown = 0;
  const auto count = [&](const char*, std::size_t size) {
    shown += static_cast<std::int64_t>(size);
  };
  if (!each_multibyte(text, how.precision, count)) return writer.fail(EILSEQ);
  writer.before(how, shown);
  each_multibyte(text, how.precision,
                 [&](const char* bytes, std::size_t size) { writer.put(bytes, size); });
  writer.after(how, shown);
}

void write_character(Writer& writer, const Specification& how, Arguments& arguments) {
  char bytes[MB_LEN_MAX];
  std::size_t size = 1;
  if (how.length == Length::kLong) {
    std::mbstate_t state{};
    size = std::wcrtomb(bytes, static_cast<wchar_t>(arguments.next_word()), &state);
    if (size == static_cast<std::size_t>(-1)) return writer.fail(EILSEQ);
  } else {
    bytes[0] = static_cast<char>(arguments.next_word());
  }
  const auto shown = static_cast<std::int64_t>(size);
  writer.before(how, shown);
  writer.put(bytes, size);
  writer.after(how, shown);
}

void store_count(void* where, Length length, std::int64_t count) {
  std::size_t size = sizeof count;
  if (length == Length::kChar) size = sizeof(signed char);
  if (length == Length::kShort) size = sizeof(short);
  if (length == Length::kNone || length == Length::kLongDouble) size = sizeof(int);
  std::memcpy(where, &count, size);  // little-endian
}

void convert(Writer& writer, const Specification& how, Arguments& arguments) {
  switch (how.conversion) {
    case 'd':
    case 'i': {
      const std::int64_t value = sign_extended(arguments.next_word(), how.length);
      const auto bits = static_cast<std::uint64_t>(value);
      return write_integer(writer, how, value < 0 ? 0 - bits : bits, value < 0);
    }
    case 'o':
    case 'u':
    case 'x':
    case 'X':
      return write_integer(writer, how, zero_extended(arguments.next_word(), how.length), false);
    case 'p':
      return write_integer(writer, how, static_cast<std::uint64_t>(arguments.next_word()), false);
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      if (how.length == Length::kLongDouble)
        return write_long_double(writer, how, va_arg(arguments.list, long double));
      return write_double(writer, how, va_arg(arguments.list, double));
    case 'c':
      return write_character(writer, how, arguments);
    case 's':
      if (how.length == Length::kLong)
        return write_wide_text(writer, how, arguments.next_pointer<const wchar_t>());
      return write_text(writer, how, arguments.next_pointer<const char>());
    case 'n':
      return store_count(arguments.next_pointer<void>(), how.length, writer.count());
    case '%':
      return writer.put('%');
    default:
      return writer.fail(EINVAL);
  }
}

}  // namespace

int format(Output& output, const char* format, std::va_list list) {
  Arguments arguments;
  va_copy(arguments.list, list);
  Writer writer(output);
  while (*format != 0 && writer.ok()) {
    const char* const plain = format;
    while (*format != 0 && *format != '%') ++format;
    writer.put(plain, static_cast<std::size_t>(format - plain));
    if (*format == 0) break;
    Specification how;
    if (!parse(++format, arguments, how)) {
      writer.fail(EOVERFLOW);
    } else if (writer.ok()) {
      convert(writer, how, arguments);
    }
  }
  va_end(arguments.list);
  return writer.ok() ? static_cast<int>(writer.count()) : -1;
}

}  // namespace atl::formatter
