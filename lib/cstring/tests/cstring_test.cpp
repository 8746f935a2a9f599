// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

extern "C" {
int tested_memcmp(const void*, const void*, std::size_t);
void* tested_memchr(const void*, int, std::size_t);
std::size_t tested_strlen(const char*);
int tested_strcmp(const char*, const char*);
int tested_strncmp(const char*, const char*, std::size_t);
char* tested_strchr(const char*, int);
void* portable_memcpy(void*, const void*, std::size_t);
void* portable_memmove(void*, const void*, std::size_t);
void* portable_memset(void*, int, std::size_t);
void* x86_64_memcpy(void*, const void*, std::size_t);
void* x86_64_memmove(void*, const void*, std::size_t);
void* x86_64_memset(void*, int, std::size_t);
}

namespace {

struct Memory {
  const char* name;
  void* (*copy)(void*, const void*, std::size_t);
  void* (*move)(void*, const void*, std::size_t);
  void* (*set)(void*, int, std::size_t);
};

int sign(int value) { return (value > 0) - (value < 0); }

class MemoryTest : public testing::TestWithParam<Memory> {
 protected:
  static constexpr std::size_t kRoom = 400;
  std::mt19937 random{5};

  std::vector<unsigned char> noise() {
    std::vector<unsigned char> bytes(kRoom);
    for (auto& byte : bytes) byte = static_cast<unsigned char>(random());
    return bytes;
  }
};

TEST_P(MemoryTest, copy_of_every_alignment_and_small_size) {
  const auto source = noise();
  for (std::size_t to = 0; to < 9; ++to) {
    for (std::size_t from = 0; from < 9; ++from) {
      for (std::size_t count = 0; count < 140; ++count) {
        auto target = noise();
        auto expected = target;
        std::memcpy(expected.data() + to, source.data() + from, count);
        ASSERT_EQ(GetParam().copy(target.data() + to, source.data() + from, count),
                  target.data() + to);
        ASSERT_EQ(target, expected) << to << " " << from << " " << count;
      }
    }
  }
}

TEST_P(MemoryTest, move_of_every_overlap) {
  for (std::size_t to = 0; to < 80; ++to) {
    for (std::size_t count = 0; count < 120; ++count) {
      const std::size_t from = 40;
      auto bytes = noise();
      auto expected = bytes;
      std::memmove(expected.data() + to, expected.data() + from, count);
      ASSERT_EQ(GetParam().move(bytes.data() + to, bytes.data() + from, count), bytes.data() + to);
      ASSERT_EQ(bytes, expected) << to << " " << count;
    }
  }
}

TEST_P(MemoryTest, move_at_random) {
  for (int step = 0; step < 20000; ++step) {
    auto bytes = noise();
    auto expected = bytes;
    const std::size_t count = random() % (kRoom / 2);
    const std::size_t to = random() % (kRoom - count);
    const std::size_t from = random() % (kRoom - count);
    std::memmove(expected.data() + to, expected.data() + from, count);
    GetParam().move(bytes.data() + to, bytes.data() + from, count);
    ASSERT_EQ(bytes, expected) << to << " " << from << " " << count;
  }
}

TEST_P(MemoryTest, set_of_every_alignment_and_small_size) {
  for (std::size_t to = 0; to < 9; ++to) {
    for (std::size_t count = 0; count < 100; ++count) {
      for (const int value : {0, 0x5a, 0x180, -1}) {
        auto bytes = noise();
        auto expected = bytes;
        std::memset(expected.data() + to, value, count);
        ASSERT_EQ(GetParam().set(bytes.data() + to, value, count), bytes.data() + to);
        ASSERT_EQ(bytes, expected) << to << " " << count;
      }
    }
  }
}

TEST_P(MemoryTest, set_of_large_blocks) {
  for (const std::size_t to : {0, 1, 64}) {
    for (const std::size_t count : {4095, 4096, 4097, 8192, 10'000}) {
      for (const int value : {0, 0x5a}) {
        std::vector<unsigned char> bytes(11'000, 0xa5), expected(11'000, 0xa5);
        std::memset(expected.data() + to, value, count);
        GetParam().set(bytes.data() + to, value, count);
        ASSERT_EQ(bytes, expected) << to << " " << count;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(CString, MemoryTest,
                         testing::Values(
#if defined(__x86_64__)
                             Memory{"x86_64", x86_64_memcpy, x86_64_memmove, x86_64_memset},
#endif
                             Memory{"portable", portable_memcpy, portable_memmove,
                                    portable_memset}),
                         [](const auto& which) { return which.param.name; });

TEST(StringTest, memcmp_of_every_alignment_and_difference) {
  std::mt19937 random{6};
  std::vector<unsigned char> left(64), right(64);
  for (std::size_t a = 0; a < 9; ++a) {
    for (std::size_t b = 0; b < 9; ++b) {
      for (std::size_t count = 0; count < 40; ++count) {
        for (auto& byte : left) byte = static_cast<unsigned char>(random());
        std::memcpy(right.data() + b, left.data() + a, count);
        ASSERT_EQ(tested_memcmp(left.data() + a, right.data() + b, count), 0);
        for (std::size_t at = 0; at < count; ++at) {
          right[b + at] = static_cast<unsigned char>(right[b + at] ^ 0x80);
          ASSERT_EQ(sign(tested_memcmp(left.data() + a, right.data() + b, count)),
                    sign(std::memcmp(left.data() + a, right.data() + b, count)));
          right[b + at] = static_cast<unsigned char>(right[b + at] ^ 0x80);
        }
      }
    }
  }
}

TEST(StringTest, memchr_finds_the_first_within_its_bounds) {
  const char text[] = "abca\xff";
  EXPECT_EQ(tested_memchr(text, 'a', 4), text);
  EXPECT_EQ(tested_memchr(text, 'c', 4), text + 2);
  EXPECT_EQ(tested_memchr(text, 0xff, 5), text + 4);
  EXPECT_EQ(tested_memchr(text, -1, 5), text + 4);
  EXPECT_EQ(tested_memchr(text, 'c', 2), nullptr);
  EXPECT_EQ(tested_memchr(text, 'a', 0), nullptr);
}

TEST(StringTest, lengths_and_characters) {
  EXPECT_EQ(tested_strlen(""), 0u);
  EXPECT_EQ(tested_strlen("twelve chars"), 12u);
  const char text[] = "path/to";
  EXPECT_EQ(tested_strchr(text, '/'), text + 4);
  EXPECT_EQ(tested_strchr(text, 0), text + 7);
  EXPECT_EQ(tested_strchr(text, 'z'), nullptr);
}

TEST(StringTest, comparisons_are_of_unsigned_characters) {
  const std::vector<std::string> texts{"", "a", "ab", "b", "\x7f", "\x80", "\xff", "abc", "abd"};
  for (const auto& left : texts) {
    for (const auto& right : texts) {
      EXPECT_EQ(sign(tested_strcmp(left.c_str(), right.c_str())),
                sign(std::strcmp(left.c_str(), right.c_str())));
      for (std::size_t count = 0; count < 5; ++count) {
        EXPECT_EQ(sign(tested_strncmp(left.c_str(), right.c_str(), count)),
                  sign(std::strncmp(left.c_str(), right.c_str(), count)));
      }
    }
  }
}

}  // namespace
