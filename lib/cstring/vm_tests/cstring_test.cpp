// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/vm_test.hpp>

#include <array>
#include <cstring>

// The functions as the image has them, called by their own names.
VM_TEST(CString, copies_moves_and_sets) {
  std::array<unsigned char, 200> bytes;
  for (std::size_t count = 0; count < 90; ++count) {
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<unsigned char>(i);
    std::memmove(&bytes[3], &bytes[0], count);
    for (std::size_t i = 0; i < count; ++i) VM_ASSERT_EQ(bytes[i + 3], i);
    VM_ASSERT_EQ(bytes[count + 3], count + 3);
    std::memcpy(&bytes[100], &bytes[3], count);
    VM_ASSERT_EQ(std::memcmp(&bytes[100], &bytes[3], count), 0);
    std::memset(&bytes[101], 0xa5, count);
    for (std::size_t i = 0; i < count; ++i) VM_ASSERT_EQ(bytes[101 + i], 0xa5);
    VM_ASSERT_EQ(bytes[101 + count], 101 + count);
  }
}

VM_TEST(CString, zeroes_pages) {
  alignas(4096) static std::array<unsigned char, 3 * 4096> bytes;
  bytes.fill(0x5a);
  std::memset(&bytes[4096], 0, 4100);
  VM_EXPECT_EQ(bytes[4095], 0x5a);
  for (std::size_t i = 4096; i < 4096 + 4100; ++i) VM_ASSERT_EQ(bytes[i], 0);
  VM_EXPECT_EQ(bytes[4096 + 4100], 0x5a);
}

VM_TEST(CString, finds_and_compares) {
  VM_EXPECT_EQ(std::strlen("four"), 4u);
  VM_EXPECT_LT(std::strcmp("a", "b"), 0);
  VM_EXPECT_EQ(std::strncmp("abc", "abd", 2), 0);
  const char* const text = "haystack";
  VM_EXPECT_EQ(std::strchr(text, 's'), text + 3);
  VM_EXPECT_EQ(std::memchr(text, 'z', 8), nullptr);
}
