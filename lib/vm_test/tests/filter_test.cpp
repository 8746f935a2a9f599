// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include "filter.hpp"

namespace {

using atl::vm_test::matches;

TEST(FilterTest, patterns) {
  EXPECT_TRUE(matches("*", ""));
  EXPECT_TRUE(matches("*", "Vm.maps"));
  EXPECT_TRUE(matches("Vm.*", "Vm.maps"));
  EXPECT_TRUE(matches("*maps", "Vm.maps"));
  EXPECT_TRUE(matches("V?.m*s", "Vm.maps"));
  EXPECT_TRUE(matches("**a**", "Vm.maps"));
  EXPECT_TRUE(matches("*aab", "aaaab"));
  EXPECT_FALSE(matches("", "Vm.maps"));
  EXPECT_FALSE(matches("Vm", "Vm.maps"));
  EXPECT_FALSE(matches("Vm.maps?", "Vm.maps"));
  EXPECT_FALSE(matches("*aab*c", "aaaab"));
  EXPECT_TRUE(matches("", ""));
}

TEST(FilterTest, is_about_suite_and_name) {
  EXPECT_TRUE(matches("Vm.*", "Vm", "maps"));
  EXPECT_FALSE(matches("Vm.*", "Vmx", "maps"));
  EXPECT_TRUE(matches("*.maps", "Vm", "maps"));
}

TEST(FilterTest, colons_separate_patterns) {
  EXPECT_TRUE(matches("Alloc.*:Vm.*", "Vm", "maps"));
  EXPECT_TRUE(matches("Vm.*:Alloc.*", "Vm", "maps"));
  EXPECT_TRUE(matches("Alloc.*::*.maps", "Vm", "maps"));
  EXPECT_FALSE(matches("Alloc.*:Sched.*", "Vm", "maps"));
  EXPECT_FALSE(matches("Vm:maps", "Vm", "maps"));
  EXPECT_FALSE(matches(":", "Vm", "maps"));
}

TEST(FilterTest, many_stars_end_soon) {
  EXPECT_FALSE(
      matches("*a*a*a*a*a*a*a*a*a*b", std::string_view{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}));
}

}  // namespace
