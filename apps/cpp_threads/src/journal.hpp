// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

/// What a server wrote about its requests, and what can be read from it.
namespace journal {

/// A line that is none of a journal.
class BadLine : public std::runtime_error {
 public:
  using runtime_error::runtime_error;
};

struct Summary {
  unsigned requests = 0;
  unsigned failures = 0;
  double milliseconds = 0;
  std::map<std::string, unsigned> by_path;

  Summary& operator+=(const Summary& other);
};

/// `lines` lines of a journal, the same for the same `seed`.
std::string written(unsigned seed, unsigned lines);

/// What the lines of `text` say together. BadLine for the first that cannot be read.
Summary read(std::string_view text);

}  // namespace journal
