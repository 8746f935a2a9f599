// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/assert.hpp>
#include <cstdio>
#include <cstdlib>

// Text on stderr, then abort: what gtest's EXPECT_DEATH looks for.
void atl::assertion_failed(const char* text) {
  std::fprintf(stderr, "%s\n", text);
  std::abort();
}
