// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <string>
#include <vector>

namespace random_virtio_test {

/// What the generator was given.
struct Added {
  std::string bytes;
  std::size_t bits = 0;
  bool operator==(const Added&) const = default;
};
extern std::vector<Added> added;

}  // namespace random_virtio_test
