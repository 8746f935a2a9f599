// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <optional>
#include <span>
#include <string_view>

namespace atl::command_line {

/// One word with its quoting taken off; a NUL follows `text`.
struct Word {
  std::string_view text;
  bool quoted = false;  ///< some of it was quoted: it means itself and nothing else
};

/// Splits a command line at blanks. `"…"` keeps blanks, `\` keeps the next
/// character, inside quotes too.
class WordReader {
 public:
  /// `storage` takes the words and is at least one byte longer than `source`.
  WordReader(std::string_view source, std::span<char> storage)
      : source_(source), storage_(storage) {}

  /// The next word, nothing at the end. kInvalidArgument when a quote is not
  /// closed or nothing follows a backslash.
  Result<std::optional<Word>> next();

 private:
  std::string_view source_;
  std::span<char> storage_;
  std::size_t read_ = 0;
  std::size_t written_ = 0;
};

}  // namespace atl::command_line
