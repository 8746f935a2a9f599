// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "words.hpp"

namespace atl::command_line {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

Result<std::optional<Word>> WordReader::next() {
  while (read_ < source_.size() && is_blank(source_[read_])) ++read_;
  if (read_ == source_.size()) return std::optional<Word>{};

  const std::size_t start = written_;
  bool inside_quotes = false;
  bool quoted = false;
  for (; read_ < source_.size(); ++read_) {
    char c = source_[read_];
    if (c == '"') {
      quoted = true;
      inside_quotes = !inside_quotes;
      continue;
    }
    if (c == '\\') {
      if (++read_ == source_.size()) return fail(Errc::kInvalidArgument);
      quoted = true;
      c = source_[read_];
    } else if (!inside_quotes && is_blank(c)) {
      break;
    }
    storage_[written_++] = c;
  }
  if (inside_quotes) return fail(Errc::kInvalidArgument);
  const std::string_view text{storage_.data() + start, written_ - start};
  // The blank or the end behind the word leaves room for this.
  storage_[written_++] = '\0';
  return std::optional{Word{text, quoted}};
}

}  // namespace atl::command_line
