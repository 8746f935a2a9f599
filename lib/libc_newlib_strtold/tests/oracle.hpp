// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <gtest/gtest.h>

#include "host_formats.hpp"

namespace atl::floating {

#if LDBL_MANT_DIG == 64
using Formats = ::testing::Types<Binary64, X87Extended, Binary128>;
#else
using Formats = ::testing::Types<Binary64, Binary128>;
#endif

inline std::string shortened(const std::string& text) {
  return text.size() < 120 ? text : text.substr(0, 60) + "..." + text.substr(text.size() - 50);
}

/// That a number's text gives the host's value, its end, and its ERANGE.
template <typename F>
void expect_as_host(const std::string& text) {
  const char* const difference = difference_from_host<F>(text);
  EXPECT_EQ(difference, nullptr) << shortened(text) << " " << difference;
}

}  // namespace atl::floating
