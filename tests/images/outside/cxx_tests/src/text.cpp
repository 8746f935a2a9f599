// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "section.hpp"

#include <array>
#include <cctype>
#include <charconv>
#include <codecvt>
#include <cwchar>
#include <iomanip>
#include <limits>
#include <locale>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>

namespace {

template <typename... Arguments>
void show_chars(Arguments... arguments) {
  std::array<char, 64> room{};
  const auto [end, error] = std::to_chars(room.data(), room.data() + room.size(), arguments...);
  std::cout << std::string_view(room.data(), static_cast<std::size_t>(end - room.data())) << ' '
            << static_cast<int>(error) << '\n';
}

template <typename Number>
void show_parsed(std::string_view words) {
  Number number{};
  const auto [end, error] = std::from_chars(words.data(), words.data() + words.size(), number);
  std::cout << std::setprecision(std::numeric_limits<Number>::max_digits10) << +number << ' '
            << end - words.data() << ' ' << std::make_error_code(error).value() << '\n'
            << std::setprecision(6);
}

}  // namespace

void text() {
  using namespace std::literals;
  std::string word = "the quick brown fox";
  word.replace(4, 5, "slow").append(3, '!').insert(0, ">> ");
  std::cout << word << ' ' << word.find("fox") << ' ' << word.rfind('o') << ' '
            << word.find_first_of("xyz") << ' ' << (word.find("cat") == std::string::npos) << '\n';
  std::cout << word.starts_with(">>") << word.ends_with("!!!") << ' ' << word.compare("a") << ' '
            << ("abc"sv <=> "abd"sv < 0) << '\n';
  std::cout << std::to_string(-12) << ' ' << std::to_string(3.5) << ' ' << std::stod("2.5e3") << ' '
            << std::stol("-7f", nullptr, 16) << ' ' << std::stoull("18446744073709551615") << '\n';
  std::cout << std::to_wstring(42).size() << ' ' << std::hash<std::string>{}("stable") << '\n';

  show_chars(255, 16);
  show_chars(-1234567890123LL);
  show_chars(0.1);
  show_chars(1.0 / 3);
  show_chars(5e-324);
  show_chars(1.7976931348623157e308);
  show_chars(0.1F);
  show_chars(123.456, std::chars_format::scientific, 4);
  show_chars(123.456, std::chars_format::fixed);
  show_chars(255.5, std::chars_format::hex);
  show_parsed<int>("-123abc");
  show_parsed<unsigned char>("256");
  show_parsed<double>("3.25e-2,");
  show_parsed<double>("1e999");
  show_parsed<double>("0.1000000000000000055511151231257827021181583404541015625");
  show_parsed<float>("16777217");
  show_parsed<double>("nan");
  show_parsed<int>("x");

  const std::locale& classic = std::locale::classic();
  std::cout << std::toupper('a', classic) << std::isalpha('1', classic) << ' '
            << std::use_facet<std::collate<char>>(classic).compare("a", "a" + 1, "b", "b" + 1)
            << '\n';
  std::mbstate_t state{};
  std::array<wchar_t, 8> wide{};
  const char* narrow = "wide";
  std::cout << std::mbsrtowcs(wide.data(), &narrow, wide.size(), &state) << '\n';
  std::tm broken_down{};
  std::istringstream("2024-02-29 12:34:56") >> std::get_time(&broken_down, "%Y-%m-%d %H:%M:%S");
  std::cout << broken_down.tm_year << ' ' << broken_down.tm_mon << ' ' << broken_down.tm_mday << ' '
            << broken_down.tm_hour << '\n';
  broken_down.tm_wday = 4;
  broken_down.tm_yday = 59;
  std::cout << std::put_time(&broken_down, "%a %d %b %Y %j") << '\n';
  std::cout << std::make_error_code(std::errc::no_such_file_or_directory).message() << '\n';
}
