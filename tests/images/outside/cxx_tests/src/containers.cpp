// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "section.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <deque>
#include <forward_list>
#include <list>
#include <map>
#include <numeric>
#include <queue>
#include <set>
#include <span>
#include <stack>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <valarray>
#include <vector>

namespace {

template <typename Range>
void show(const char* name, const Range& range) {
  std::cout << name << ':';
  for (const auto& element : range) std::cout << ' ' << element;
  std::cout << '\n';
}

}  // namespace

void containers() {
  std::vector<int> numbers(10);
  std::iota(numbers.begin(), numbers.end(), 1);
  std::erase_if(numbers, [](int number) { return number % 3 == 0; });
  std::rotate(numbers.begin(), numbers.begin() + 2, numbers.end());
  show("vector", numbers);
  std::deque<std::string> words{"b", "c"};
  words.emplace_front("a");
  words.push_back("d");
  show("deque", words);
  std::list<int> first{1, 4, 7};
  std::list<int> second{2, 3, 9};
  first.merge(second);
  first.remove(4);
  show("list", first);
  std::forward_list<int> forward{3, 1, 2};
  forward.sort();
  show("forward_list", forward);
  std::set<std::string, std::greater<>> ordered{"x", "y", "z", "x"};
  show("set", ordered);
  std::map<std::string, std::vector<int>> groups;
  for (int i = 0; i < 12; ++i) groups[i % 2 == 0 ? "even" : "odd"].push_back(i * i);
  for (const auto& [name, members] : groups) show(name.c_str(), members);
  std::multimap<int, char> several{{1, 'a'}, {2, 'b'}, {1, 'c'}};
  std::cout << several.count(1) << ' ' << several.lower_bound(2)->second << '\n';
  std::unordered_map<std::string, int> counted;
  for (const char* word : {"to", "be", "or", "not", "to", "be"}) ++counted[word];
  std::vector<std::pair<std::string, int>> sorted(counted.begin(), counted.end());
  std::sort(sorted.begin(), sorted.end());
  for (const auto& [word, count] : sorted) std::cout << word << '=' << count << ' ';
  std::cout << '\n';
  std::unordered_set<int> many;
  for (int i = 0; i < 5000; ++i) many.insert(i * 7919 % 5003);
  std::cout << many.size() << ' ' << many.contains(17) << '\n';
  std::priority_queue<int> heap;
  for (int number : {3, 9, 1, 7}) heap.push(number);
  std::cout << heap.top();
  heap.pop();
  std::cout << ' ' << heap.top() << '\n';
  auto node = groups.extract("odd");
  node.key() = "uneven";
  groups.insert(std::move(node));
  std::cout << groups.rbegin()->first << '\n';
  std::cout << std::bitset<12>(0xa5).to_string() << ' ' << std::bitset<8>(0x0f).count() << '\n';
  std::valarray<double> values{1, 2, 3, 4};
  std::cout << (values * values).sum() << ' '
            << std::valarray<double>(values[std::slice(0, 2, 2)])[1] << '\n';
  const auto [low, high] = std::minmax_element(numbers.begin(), numbers.end());
  std::cout << *low << ' ' << *high << ' '
            << std::inner_product(numbers.begin(), numbers.end(), numbers.begin(), 0) << '\n';
  std::string letters = "cab";
  do {
    std::cout << letters << ' ';
  } while (std::next_permutation(letters.begin(), letters.end()));
  std::cout << '\n';
  std::vector<int> shuffled(1000);
  for (std::size_t i = 0; i < shuffled.size(); ++i) shuffled[i] = static_cast<int>(i * 7919 % 1009);
  std::stable_sort(shuffled.begin(), shuffled.end());
  std::cout << std::is_sorted(shuffled.begin(), shuffled.end()) << ' '
            << std::binary_search(shuffled.begin(), shuffled.end(), 500) << '\n';
  std::tuple<int, std::string> pair{1, "one"};
  std::cout << std::get<std::string>(pair) << ' '
            << std::apply(
                   [](int n, const std::string& s) { return n + static_cast<int>(s.size()); }, pair)
            << '\n';
}
