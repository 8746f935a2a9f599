// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <atoll/bits.hpp>

#include <array>

namespace {

using namespace atl;

TEST(BitsTest, alignment) {
  EXPECT_EQ(align_up(0u, 8), 0u);
  EXPECT_EQ(align_up(1u, 8), 8u);
  EXPECT_EQ(align_up(8u, 8), 8u);
  EXPECT_EQ(align_down(15u, 8), 8u);
  EXPECT_EQ(align_up(std::uint8_t{250}, 16), 0u) << "wraps above the last multiple";
}

TEST(BitsTest, fields_as_manuals_write_them) {
  EXPECT_EQ(bits(0xabcd'1234u, 31, 16), 0xabcdu);
  EXPECT_EQ(bits(0xabcd'1234u, 31, 0), 0xabcd'1234u);
  EXPECT_EQ(bits(0x80u, 7, 7), 1u);
  EXPECT_EQ(bits(~std::uint64_t{0}, 63, 0), ~std::uint64_t{0});
  EXPECT_EQ(bits(~std::uint64_t{0}, 63, 63), 1u);
}

TEST(BitsTest, loads_of_either_byte_order_from_any_address) {
  std::array<std::byte, 9> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = std::byte(i);
  const std::span<const std::byte> odd = std::span{bytes}.subspan(1);
  EXPECT_EQ(load_big<std::uint8_t>(odd), 1u);
  EXPECT_EQ(load_big<std::uint32_t>(odd), 0x01020304u);
  EXPECT_EQ(load_big<std::uint64_t>(odd), 0x0102030405060708u);
  EXPECT_EQ(load_little<std::uint16_t>(odd), 0x0201u);
  EXPECT_EQ(load_little<std::uint64_t>(odd), 0x0807060504030201u);
}

}  // namespace
