// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "fake_random.hpp"

#include <atoll/random.hpp>

namespace random_virtio_test {
std::vector<Added> added;
}

namespace atl::random {

void add_entropy(std::span<const std::byte> bytes, std::size_t entropy_bits) {
  random_virtio_test::added.push_back(
      {{reinterpret_cast<const char*>(bytes.data()), bytes.size()}, entropy_bits});
}

}  // namespace atl::random
