// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// A format, its NUL, then the text to read. Every argument is the same room,
// large enough for all of the text. One conversion that is defined is compared
// with the host's C library, where that keeps to ISO C17 7.21.6.2p10.
#include <atoll/formatter.hpp>

#include <cctype>
#include <cstdarg>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "../expect.hpp"
#include "../input.hpp"

namespace {

constexpr std::size_t kMostArguments = 64;

/// Gives characters and sees to the contract: one back at most, and that which
/// was given.
struct Text : atl::formatter::Input {
  explicit Text(std::string_view all) : Input{&next_character, &back_character}, text(all) {}
  static int next_character(Input& self) {
    auto& from = static_cast<Text&>(self);
    from.returned = false;
    if (from.at == from.text.size()) return -1;
    return static_cast<unsigned char>(from.text[from.at++]);
  }
  static void back_character(Input& self, int character) {
    auto& from = static_cast<Text&>(self);
    FUZZ_EXPECT(!from.returned && from.at > 0);
    FUZZ_EXPECT(static_cast<unsigned char>(from.text[--from.at]) == character);
    from.returned = true;
  }
  std::string_view text;
  std::size_t at = 0;
  bool returned = false;
};

int scan(Text& input, const char* format, ...) {
  std::va_list arguments;
  va_start(arguments, format);
  const int count = atl::formatter::scan(input, format, arguments);
  va_end(arguments);
  return count;
}

template <std::size_t... I>
int scan_any(Text& input, const char* format, void* room, std::index_sequence<I...>) {
  return scan(input, format, (static_cast<void>(I), room)...);
}

/// One conversion that both libraries must agree on.
struct Conversion {
  bool width = false;
  char kind = 0;

  static Conversion parse(const std::string& format) {
    Conversion result;
    const char* at = format.c_str();
    if (*at++ != '%') return result;
    for (; *at >= '0' && *at <= '9'; ++at) result.width = true;
    const bool small = at - format.c_str() < 5 && format[1] != '0';
    std::string length;
    while (*at != 0 && std::strchr("hljzt", *at) != nullptr) length += *at++;
    const char kind = *at;
    if (kind == 0 || !small || at[1] != 0) return result;
    const bool integer = std::strchr("diouxX", kind) != nullptr;
    const bool known = length == "" || length == "l" ||
                       (integer && (length == "hh" || length == "h" || length == "ll" ||
                                    length == "j" || length == "z" || length == "t"));
    if (known && std::strchr("diouxXsceEfFgG", kind) != nullptr) result.kind = kind;
    return result;
  }
};

void compare(const Conversion& how, const std::string& conversion, const std::string& text) {
  const std::string format = conversion + "%n";
  // ASan expects room for all of a width, which has three digits at most.
  const std::size_t bytes = (text.size() + 1000) * sizeof(wchar_t);
  std::vector<char> ours(bytes, 0x55), theirs(bytes, 0x55);
  int end = -1, host_end = -1;
  Text input{text};
  const int count = scan(input, format.c_str(), ours.data(), &end);
  const int host = std::sscanf(text.c_str(), format.c_str(), theirs.data(), &host_end);
  if (std::strchr("eEfFgG", how.kind) != nullptr) {
    // Words for infinity and its like, and prefixes of a number, are taken in other ways.
    const std::string taken = text.substr(0, static_cast<std::size_t>(host_end > 0 ? host_end : 0));
    if (host != 1 || count != 1 || taken.find_first_of("nN") != std::string::npos) return;
    FUZZ_EXPECT(end == host_end);
    if (taken.size() > 700) return;
    FUZZ_EXPECT(ours == theirs);
    return;
  }
  if (count != host) {
    // The host takes "0x" for a number, and fewer characters than %3c asks for.
    FUZZ_EXPECT(host == 1 && count <= 0);
    const char last = host_end > 0 ? text[static_cast<std::size_t>(host_end) - 1] : ' ';
    FUZZ_EXPECT(last == 'x' || last == 'X' || (how.kind == 'c' && how.width));
    return;
  }
  if (count != 1) return;
  FUZZ_EXPECT(end == host_end);
  FUZZ_EXPECT(ours == theirs);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Input input{data, size};
  const std::string_view all = input.text();
  const std::size_t end = all.find('\0');
  const std::string format{all.substr(0, end < 3 * kMostArguments ? end : 3 * kMostArguments)};
  std::size_t conversions = 0;
  for (const char c : format) conversions += c == '%' ? 1 : 0;
  if (conversions > kMostArguments) return 0;
  const std::string_view text = end == std::string_view::npos ? "" : all.substr(end + 1);

  std::vector<char> room((text.size() + 2) * sizeof(wchar_t) + 64);
  Text source{text};
  const int count =
      scan_any(source, format.c_str(), room.data(), std::make_index_sequence<kMostArguments>{});
  FUZZ_EXPECT(count >= -1 && count <= static_cast<int>(conversions));

  const auto how = Conversion::parse(format);
  if (how.kind != 0 && text.find('\0') == std::string_view::npos)
    compare(how, format, std::string{text});
  return 0;
}
