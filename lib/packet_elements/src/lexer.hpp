// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace atl::packet_elements {

/// A piece of a configuration's text.
struct Token {
  enum class Kind : std::uint8_t {
    kWord,
    kArrow,
    kComma,
    kEquals,
    kStatementEnd,  ///< a semicolon, or the end of a line that the next one does not go on with
    kTextEnd,
    kStrange,  ///< a character that has no meaning
  };
  Kind kind = Kind::kTextEnd;
  std::string_view text;  ///< where it stands; of an end: without characters
};

/// Takes a text apart. A comment goes from `#` to the end of its line. A line goes on in the next
/// one behind an arrow, a comma or an equals sign, and where the next one begins with an arrow.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}
  Token next();

 private:
  [[nodiscard]] char at(std::size_t position) const {
    return position < text_.size() ? text_[position] : '\0';
  }
  [[nodiscard]] bool arrow_at(std::size_t position) const {
    return at(position) == '-' && at(position + 1) == '>';
  }
  [[nodiscard]] bool word_at(std::size_t position) const;
  /// Steps over blanks and comments; over ends of lines as well where `lines`.
  [[nodiscard]] std::size_t behind_blanks(std::size_t position, bool lines) const;
  Token take(Token::Kind kind, std::size_t length);

  std::string_view text_;
  std::size_t position_ = 0;
  bool goes_on_ = true;  // what was taken last needs something behind it
};

}  // namespace atl::packet_elements
