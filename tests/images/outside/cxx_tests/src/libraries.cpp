// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include <outside.h>
#include "section.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct Leaves {
  const char* name;
  ~Leaves() { std::cout << "  left " << name << '\n'; }
};

// Called by a function in C.
int refuse(int value, void* closure) {
  const Leaves leaves{"callback"};
  if (value == *static_cast<int*>(closure))
    throw std::runtime_error("refused " + std::to_string(value));
  return value * 2;
}

}  // namespace

void exceptions_through_libraries() {
  // The program, libstdc++, the program.
  std::vector<int> values{5, 3, 9, 1, 7};
  try {
    std::sort(values.begin(), values.end(), [](int left, int right) {
      if (left == 9 || right == 9) throw std::logic_error("incomparable");
      return left < right;
    });
  } catch (const std::logic_error& error) {
    std::cout << error.what() << " of " << values.size() << '\n';
  }
  const std::function<int(int)> deep = [&](int left) -> int {
    const Leaves leaves{"function"};
    return left == 0 ? throw std::length_error("deep") : deep(left - 1);
  };
  try {
    deep(2);
  } catch (const std::exception& error) {
    std::cout << error.what() << '\n';
  }

  // The program, a library outside of it, libstdc++, the program.
  try {
    std::cout << outside::total({1, 2, 3}, [](int value) { return value * 10; }) << '\n';
    outside::total({1, 2, 3},
                   [](int value) { return value == 2 ? throw std::range_error("two") : value; });
  } catch (const std::range_error& error) {
    std::cout << "range_error " << error.what() << '\n';
  }
  // One whose type the library alone knows.
  try {
    outside::fail("named");
  } catch (const std::exception& error) {
    std::cout << "its own: " << error.what() << '\n';
  }
  // Functions in C between.
  int unwanted = 4;
  std::cout << outside_each(3, refuse, &unwanted) << '\n';
  try {
    outside_each(9, refuse, &unwanted);
  } catch (const std::runtime_error& error) {
    std::cout << error.what() << '\n';
  }
}
