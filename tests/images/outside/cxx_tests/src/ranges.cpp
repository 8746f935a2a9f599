// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "section.hpp"

#include <algorithm>
#include <ranges>
#include <sstream>
#include <string>
#include <vector>

void ranges() {
  namespace views = std::views;
  auto squares = views::iota(1) | views::filter([](int n) { return n % 2 != 0; }) |
                 views::transform([](int n) { return n * n; }) | views::take(6);
  for (int square : squares) std::cout << square << ' ';
  std::cout << '\n';
  const std::string sentence = "views split words lazily";
  for (auto word : sentence | views::split(' ')) {
    for (char letter : word | views::reverse) std::cout << letter;
    std::cout << '.';
  }
  std::cout << '\n';
  struct Person {
    std::string name;
    int age;
  };
  std::vector<Person> people{{"Ada", 36}, {"Grace", 85}, {"Alan", 41}};
  std::ranges::sort(people, std::ranges::greater{}, &Person::age);
  for (const auto& name : people | views::transform(&Person::name)) std::cout << name << ' ';
  std::cout << '\n';
  std::istringstream numbers{"5 6 7 x"};
  int sum = 0;
  for (int number : std::ranges::istream_view<int>(numbers)) sum += number;
  std::cout << sum << '\n';
  std::vector<std::vector<int>> nested{{1, 2}, {}, {3}};
  for (int number : nested | views::join | views::drop(1)) std::cout << number << ' ';
  std::cout << '\n';
  const auto found = std::ranges::find_if(
      people, [](int age) { return age < 40; }, &Person::age);
  std::cout << found->name << ' ' << std::ranges::count(std::vector{1, 2, 1}, 1) << '\n';
  const auto [in, out] = std::ranges::minmax(std::vector{4, 2, 8});
  std::cout << in << ' ' << out << '\n';
}
