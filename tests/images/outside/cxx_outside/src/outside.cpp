// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include <outside.h>

#include <iostream>
#include <numeric>
#include <stdexcept>

namespace outside {
namespace {

struct Failure : std::runtime_error {
  using runtime_error::runtime_error;
  ~Failure() override { std::cout << "  failure ends\n"; }
};

struct Leaves {
  ~Leaves() { std::cout << "  left outside\n"; }
};

}  // namespace

int total(const std::vector<int>& values, const std::function<int(int)>& weigh) {
  const Leaves leaves;
  return std::accumulate(values.begin(), values.end(), 0,
                         [&](int sum, int value) { return sum + weigh(value); });
}

void fail(const std::string& why) {
  const Leaves leaves;
  throw Failure("outside: " + why);
}

}  // namespace outside
