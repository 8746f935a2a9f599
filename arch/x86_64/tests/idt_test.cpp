// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "idt.hpp"

#include <gtest/gtest.h>

namespace atl::arch {
namespace {

// Intel SDM 3A §6.14.1, Figure 6-8.
TEST(Gate, FollowsTheManual) {
  const Gate gate = Gate::to(0x8877'6655'4433'2211, StackIndex::kDoubleFault);
  EXPECT_EQ(gate.low & 0xffff, 0x2211u);  // offset 15:0
  EXPECT_EQ(gate.low >> 16 & 0xffff, kCodeSelector);
  EXPECT_EQ(gate.low >> 32 & 7, 3u);        // IST
  EXPECT_EQ(gate.low >> 40 & 0xff, 0x8eu);  // present, ring 0, interrupt gate
  EXPECT_EQ(gate.low >> 48, 0x4433u);       // offset 31:16
  EXPECT_EQ(gate.high, 0x8877'6655u);       // offset 63:32
}

}  // namespace
}  // namespace atl::arch
