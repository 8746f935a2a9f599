// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "lexer.hpp"

namespace atl::packet_elements {

bool Lexer::word_at(std::size_t position) const {
  const char c = at(position);
  return c > ' ' && c <= '~' && c != ',' && c != ';' && c != '#' && c != '=' && !arrow_at(position);
}

std::size_t Lexer::behind_blanks(std::size_t position, bool lines) const {
  for (; position < text_.size(); ++position) {
    const char c = text_[position];
    if (c == '#') {
      while (position + 1 < text_.size() && text_[position + 1] != '\n') ++position;
    } else if (c != ' ' && c != '\t' && c != '\r' && (c != '\n' || !lines)) {
      break;
    }
  }
  return position;
}

Token Lexer::take(Token::Kind kind, std::size_t length) {
  const Token token{kind, {text_.data() + position_, length}};
  position_ += length;
  goes_on_ = kind == Token::Kind::kArrow || kind == Token::Kind::kComma ||
             kind == Token::Kind::kEquals || kind == Token::Kind::kStatementEnd;
  return token;
}

Token Lexer::next() {
  using Kind = Token::Kind;
  position_ = behind_blanks(position_, goes_on_);
  if (position_ == text_.size()) return take(Kind::kTextEnd, 0);
  const char c = text_[position_];
  if (c == '\n') {
    const std::size_t behind = behind_blanks(position_, true);
    const Token end = take(Kind::kStatementEnd, 0);
    position_ = behind;
    return arrow_at(behind) ? take(Kind::kArrow, 2) : end;
  }
  if (c == ';') {
    const Token end = take(Kind::kStatementEnd, 0);
    ++position_;
    return end;
  }
  if (c == ',') return take(Kind::kComma, 1);
  if (c == '=') return take(Kind::kEquals, 1);
  if (arrow_at(position_)) return take(Kind::kArrow, 2);
  std::size_t length = 0;
  while (word_at(position_ + length)) ++length;
  return length > 0 ? take(Kind::kWord, length) : take(Kind::kStrange, 1);
}

}  // namespace atl::packet_elements
