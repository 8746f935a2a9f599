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

std::intmax_t next_signed(Arguments& arguments, Length length) {
  switch (length) {
    case Length::kChar:
      return static_cast<signed char>(va_arg(arguments.list, int));
    case Length::kShort:
      return static_cast<short>(va_arg(arguments.list, int));
    case Length::kLong:
      return va_arg(arguments.list, long);
    case Length::kLongLong:
      return va_arg(arguments.list, long long);
    case Length::kMax:
      return va_arg(arguments.list, std::intmax_t);
    case Length::kSize:
    case Length::kDifference:
      return va_arg(arguments.list, std::ptrdiff_t);
    default:
      return va_arg(arguments.list, int);
  }
}

std::uintmax_t next_unsigned(Arguments& arguments, Length length) {
  switch (length) {
    case Length::kChar:
      return static_cast<unsigned char>(va_arg(arguments.list, int));
    case Length::kShort:
      return static_cast<unsigned short>(va_arg(arguments.list, int));
    case Length::kNone:
    case Length::kLongDouble:
      return va_arg(arguments.list, unsigned);
    default:
      return static_cast<std::uintmax_t>(next_signed(arguments, length));
  }
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
    size = std::wcrtomb(bytes, static_cast<wchar_t>(va_arg(arguments.list, std::wint_t)), &state);
    if (size == static_cast<std::size_t>(-1)) return writer.fail(EILSEQ);
  } else {
    bytes[0] = static_cast<char>(va_arg(arguments.list, int));
  }
  const auto shown = static_cast<std::int64_t>(size);
  writer.before(how, shown);
  writer.put(bytes, size);
  writer.after(how, shown);
}

void store_count(Arguments& arguments, Length length, std::int64_t count) {
  switch (length) {
    case Length::kChar:
      *va_arg(arguments.list, signed char*) = static_cast<signed char>(count);
      break;
    case Length::kShort:
      *va_arg(arguments.list, short*) = static_cast<short>(count);
      break;
    case Length::kLong:
      *va_arg(arguments.list, long*) = count;
      break;
    case Length::kLongLong:
      *va_arg(arguments.list, long long*) = count;
      break;
    case Length::kMax:
      *va_arg(arguments.list, std::intmax_t*) = count;
      break;
    case Length::kSize:
    case Length::kDifference:
      *va_arg(arguments.list, std::ptrdiff_t*) = count;
      break;
    default:
      *va_arg(arguments.list, int*) = static_cast<int>(count);
  }
}

void convert(Writer& writer, const Specification& how, Arguments& arguments) {
  switch (how.conversion) {
    case 'd':
    case 'i': {
      const std::intmax_t value = next_signed(arguments, how.length);
      const auto bits = static_cast<std::uintmax_t>(value);
      return write_integer(writer, how, value < 0 ? 0 - bits : bits, value < 0);
    }
    case 'o':
    case 'u':
    case 'x':
    case 'X':
      return write_integer(writer, how, next_unsigned(arguments, how.length), false);
    case 'p':
      return write_integer(writer, how,
                           reinterpret_cast<std::uintptr_t>(va_arg(arguments.list, void*)), false);
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
        return write_wide_text(writer, how, va_arg(arguments.list, const wchar_t*));
      return write_text(writer, how, va_arg(arguments.list, const char*));
    case 'n':
      return store_count(arguments, how.length, writer.count());
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
