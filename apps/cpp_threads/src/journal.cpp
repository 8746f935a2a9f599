// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "journal.hpp"

#include <array>
#include <charconv>
#include <iomanip>
#include <random>
#include <regex>
#include <sstream>

namespace journal {
namespace {

constexpr std::array<const char*, 4> kPaths = {"/", "/index.html", "/api/items", "/api/users"};

const std::regex& line_pattern() {
  // Made by the first thread that comes by; the others wait.
  static const std::regex pattern{R"((\d{4}-\d\d-\d\d) (GET|POST) (\S+) (\d{3}) (\d+\.\d+)ms)",
                                  std::regex::ECMAScript | std::regex::optimize};
  return pattern;
}

Summary read_line(const std::string& line) {
  std::smatch fields;
  if (!std::regex_match(line, fields, line_pattern())) throw BadLine("no request: " + line);
  Summary one;
  one.requests = 1;
  one.failures = fields[4].str()[0] == '5' ? 1 : 0;
  const std::string duration = fields[5];
  std::from_chars(duration.data(), duration.data() + duration.size(), one.milliseconds);
  one.by_path[fields[3]] = 1;
  return one;
}

}  // namespace

Summary& Summary::operator+=(const Summary& other) {
  requests += other.requests;
  failures += other.failures;
  milliseconds += other.milliseconds;
  for (const auto& [path, count] : other.by_path) by_path[path] += count;
  return *this;
}

std::string written(unsigned seed, unsigned lines) {
  std::mt19937 random{seed};
  std::ostringstream out;
  for (unsigned i = 0; i < lines; ++i) {
    const unsigned drawn = static_cast<unsigned>(random());
    out << "2026-01-" << std::setw(2) << std::setfill('0') << drawn % 28 + 1 << ' '
        << (drawn % 3 == 0 ? "POST " : "GET ") << kPaths[drawn / 7 % kPaths.size()] << ' '
        << (drawn % 11 == 0 ? 503 : 200) << ' ' << drawn % 400 << '.' << drawn % 4 * 25 << "ms\n";
  }
  return out.str();
}

Summary read(std::string_view text) {
  std::istringstream in{std::string{text}};
  Summary all;
  for (std::string line; std::getline(in, line);) all += read_line(line);
  return all;
}

}  // namespace journal
