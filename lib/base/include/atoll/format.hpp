// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/errc.hpp>
#include <atoll/types.hpp>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace atl {

/// Appends text to a buffer of the caller; what does not fit is cut off. The
/// text always ends with a NUL, for which one byte is kept. Any context.
class TextWriter {
 public:
  /// `buffer` has at least one byte.
  explicit TextWriter(std::span<char> buffer) : buffer_(buffer) { buffer_[0] = 0; }

  TextWriter& character(char value);
  TextWriter& text(std::string_view value);
  TextWriter& decimal(std::uint64_t value);
  TextWriter& signed_decimal(std::int64_t value);
  /// Lower-case, no prefix, zeros in front up to `digits`.
  TextWriter& hex(std::uint64_t value, unsigned digits = 1);

  [[nodiscard]] std::string_view view() const { return {buffer_.data(), used_}; }
  [[nodiscard]] const char* c_str() const { return buffer_.data(); }
  [[nodiscard]] bool truncated() const { return truncated_; }
  void clear();

 private:
  std::span<char> buffer_;
  std::size_t used_ = 0;
  bool truncated_ = false;
};

/// One value to format, its type erased, so that an image holds one formatting
/// function. Refers to text; does not own it.
class FormatArgument {
 public:
  enum class Kind : std::uint8_t { kUnsigned, kSigned, kAddress, kCharacter, kText };

  template <std::integral T>
  constexpr FormatArgument(T value)  // NOLINT: implicit by intent
      : kind_(std::signed_integral<T> ? Kind::kSigned : Kind::kUnsigned),
        number_(static_cast<std::uint64_t>(value)) {}
  constexpr FormatArgument(char value)  // NOLINT: implicit by intent
      : kind_(Kind::kCharacter), number_(static_cast<unsigned char>(value)) {}
  constexpr FormatArgument(bool value)  // NOLINT: implicit by intent
      : FormatArgument(std::string_view{value ? "true" : "false"}) {}
  constexpr FormatArgument(std::string_view value)  // NOLINT: implicit by intent
      : kind_(Kind::kText), number_(value.size()), text_(value.data()) {}
  constexpr FormatArgument(const char* value)  // NOLINT: implicit by intent
      : FormatArgument(std::string_view{value == nullptr ? "(null)" : value}) {}
  FormatArgument(Errc value) : FormatArgument(to_string(value)) {}  // NOLINT: implicit by intent
  template <typename Tag>
  constexpr FormatArgument(Address<Tag> value)  // NOLINT: implicit by intent
      : kind_(Kind::kAddress), number_(value.value()) {}
  FormatArgument(const volatile void* value)  // NOLINT: implicit by intent
      : kind_(Kind::kAddress), number_(reinterpret_cast<std::uintptr_t>(value)) {}
  constexpr FormatArgument(PageCount value)  // NOLINT: implicit by intent
      : FormatArgument(value.count) {}
  constexpr FormatArgument(Nanoseconds value)  // NOLINT: implicit by intent
      : FormatArgument(value.count) {}

  [[nodiscard]] constexpr Kind kind() const { return kind_; }
  [[nodiscard]] constexpr std::uint64_t number() const { return number_; }
  [[nodiscard]] constexpr std::string_view text() const {
    return {text_, static_cast<std::size_t>(number_)};
  }

 private:
  Kind kind_;
  std::uint64_t number_;  // of a text: its length
  const char* text_ = nullptr;
};

/// Appends `pattern` with each `{}` replaced by the next argument. `{:x}` is
/// hexadecimal, `{:#x}` with 0x in front; a number sets the least width, a 0
/// before it pads with zeros: `{:08x}`, `{:6}`. `{{` and `}}` are braces.
/// Addresses appear as `{:#x}` on their own. An argument that is missing shows
/// as `{?}`; surplus ones are ignored. Any context.
void format(TextWriter& out, std::string_view pattern, std::span<const FormatArgument> arguments);

/// A pattern checked when it is compiled: as many `{}` as arguments, each
/// well-formed. What the compiler names on a mistake says what it is.
template <typename... Arguments>
class FormatString {
 public:
  template <std::size_t N>
  consteval FormatString(const char (&pattern)[N])  // NOLINT: implicit by intent
      : pattern_(pattern, N - 1) {
    if (count(pattern_) != sizeof...(Arguments)) pattern_and_arguments_differ_in_number();
  }
  [[nodiscard]] constexpr std::string_view view() const { return pattern_; }

 private:
  static void pattern_and_arguments_differ_in_number() {}
  static void pattern_has_a_malformed_placeholder() {}

  static consteval std::size_t count(std::string_view pattern) {
    std::size_t found = 0;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      const bool doubled = i + 1 < pattern.size() && pattern[i + 1] == pattern[i];
      if (pattern[i] == '}') {
        if (!doubled) pattern_has_a_malformed_placeholder();
        ++i;
      } else if (pattern[i] == '{') {
        if (doubled) {
          ++i;
          continue;
        }
        ++i;
        if (i < pattern.size() && pattern[i] == ':') ++i;
        if (i < pattern.size() && pattern[i] == '#') ++i;
        while (i < pattern.size() && pattern[i] >= '0' && pattern[i] <= '9') ++i;
        if (i < pattern.size() && pattern[i] == 'x') ++i;
        if (i >= pattern.size() || pattern[i] != '}') pattern_has_a_malformed_placeholder();
        ++found;
      }
    }
    return found;
  }

  std::string_view pattern_;
};

/// format() with the arguments as they are.
template <typename... Arguments>
void format_to(TextWriter& out, FormatString<std::type_identity_t<Arguments>...> pattern,
               const Arguments&... arguments) {
  const std::array<FormatArgument, sizeof...(Arguments)> erased{FormatArgument{arguments}...};
  format(out, pattern.view(), erased);
}

}  // namespace atl
