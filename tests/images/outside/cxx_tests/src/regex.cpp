// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "section.hpp"

#include <iterator>
#include <regex>
#include <string>

void regular_expressions() {
  const std::string line = "2024-02-29T12:34:56 host service[123]: failed (code=17), retry=true";
  const std::regex record{R"((\d{4})-(\d\d)-(\d\d)T(\S+) (\w+) (\w+)\[(\d+)\]: (.*))"};
  std::smatch parts;
  if (std::regex_match(line, parts, record)) {
    for (const auto& part : parts) std::cout << '[' << part << ']';
    std::cout << '\n';
  }
  const std::regex pair{R"((\w+)=(\w+))"};
  for (std::sregex_iterator at{line.begin(), line.end(), pair}, end; at != end; ++at) {
    std::cout << (*at)[1] << " is " << (*at)[2] << " at " << at->position() << '\n';
  }
  std::cout << std::regex_replace(line, pair, "$2<-$1") << '\n';
  const std::regex comma{R"(\s*[,;]\s*)"};
  const std::string list = "one, two;three ,four";
  for (std::sregex_token_iterator at{list.begin(), list.end(), comma, -1}, end; at != end; ++at) {
    std::cout << '<' << *at << '>';
  }
  std::cout << '\n';
  std::cout << std::regex_search("aXbXXc", std::regex("x{2}", std::regex::icase)) << ' '
            << std::regex_match("abcabc", std::regex("(abc)\\1")) << ' '
            << std::regex_match("foobar", std::regex("foo(?!baz).*")) << ' '
            << std::regex_match("a1!", std::regex("[[:alpha:]][[:digit:]][[:punct:]]")) << ' '
            << std::regex_match("aab", std::regex("a*b", std::regex::extended)) << '\n';
  for (const char* wrong : {"(", "[a", "a{2", "*", "\\"}) {
    try {
      const std::regex refused{wrong};
      std::cout << wrong << " accepted\n";
    } catch (const std::regex_error& error) {
      std::cout << wrong << " error " << static_cast<int>(error.code()) << '\n';
    }
  }
}
