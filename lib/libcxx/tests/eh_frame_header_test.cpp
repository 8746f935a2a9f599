// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// The table of this program itself, whose unwinder is asked the same, and tables made by
// hand.

#include "eh_frame_header.hpp"

#include <gtest/gtest.h>
#include <link.h>
#include <unwind.h>
#include <array>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

using atl::libcxx::Entry;
using atl::libcxx::find_entry;

/// The program's own table and code.
struct Program {
  const std::byte* header = nullptr;
  std::uintptr_t code = 0;
  std::uintptr_t code_end = 0;
};

Program this_program() {
  Program found;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* out) {
        auto& program = *static_cast<Program*>(out);
        for (int i = 0; i < info->dlpi_phnum; ++i) {
          const auto& segment = info->dlpi_phdr[i];
          const std::uintptr_t begin = info->dlpi_addr + segment.p_vaddr;
          if (segment.p_type == PT_GNU_EH_FRAME) {
            program.header = std::bit_cast<const std::byte*>(begin);
          } else if (segment.p_type == PT_LOAD && (segment.p_flags & PF_X) != 0) {
            program.code = begin;
            program.code_end = begin + segment.p_memsz;
          }
        }
        return 1;  // the first object is the program
      },
      &found);
  return found;
}

TEST(EhFrameHeader, FindsWhatTheUnwinderFinds) {
  const Program program = this_program();
  ASSERT_NE(program.header, nullptr);
  std::size_t found = 0;
  for (std::uintptr_t pc = program.code; pc < program.code_end; pc += 37) {
    const Entry entry = find_entry(program.header, pc);
    // The unwinder looks at the byte before, as for a return address.
    void* expected = _Unwind_FindEnclosingFunction(std::bit_cast<void*>(pc + 1));
    ASSERT_EQ(std::bit_cast<void*>(entry.function), expected) << std::hex << pc;
    ASSERT_EQ(entry.description == nullptr, expected == nullptr);
    found += entry.description != nullptr ? 1 : 0;
  }
  EXPECT_GT(found, 1000U);
}

/// A table with functions at 0x1000, 0x2000 and 0x3000 of the buffer, 0x100 bytes each.
class Made {
 public:
  explicit Made(const char* augmentation = "zR", std::vector<unsigned char> data = {0x1b}) {
    bytes_.resize(0x4000);
    const std::size_t common = place_common(augmentation, data);
    const bool is_wide = data.back() == 0x1c;
    std::memcpy(&bytes_[0], "\x01\x1b\x03\x3b", 4);
    put<std::uint32_t>(8, 3);
    for (std::size_t i = 0; i < 3; ++i) {
      const std::size_t description = 0x100 + i * 0x20;
      const std::size_t function = 0x1000 * (i + 1);
      put<std::uint32_t>(description + 4, static_cast<std::uint32_t>(description + 4 - common));
      if (is_wide) {
        put<std::uint64_t>(description + 16, 0x100);
      } else {
        put<std::uint32_t>(description + 12, 0x100);
      }
      put<std::uint32_t>(12 + i * 8, static_cast<std::uint32_t>(function));
      put<std::uint32_t>(16 + i * 8, static_cast<std::uint32_t>(description));
    }
  }

  template <typename Number>
  void put(std::size_t at, Number number) {
    std::memcpy(&bytes_[at], &number, sizeof number);
  }

  Entry find(std::size_t offset) const { return find_entry(bytes_.data(), address(offset)); }
  std::uintptr_t address(std::size_t offset) const {
    return std::bit_cast<std::uintptr_t>(bytes_.data()) + offset;
  }

 private:
  std::size_t place_common(const char* augmentation, const std::vector<unsigned char>& data) {
    constexpr std::size_t kPlace = 0x80;
    std::size_t at = kPlace + 8;
    bytes_[at++] = std::byte{1};
    std::strcpy(reinterpret_cast<char*>(&bytes_[at]), augmentation);
    at += std::strlen(augmentation) + 1;
    for (unsigned char byte : {1, 0x78, 16, static_cast<int>(data.size())}) {
      bytes_[at++] = std::byte{byte};
    }
    for (unsigned char byte : data) bytes_[at++] = std::byte{byte};
    return kPlace;
  }

  std::vector<std::byte> bytes_;
};

void expect_three(const Made& table) {
  for (std::size_t function : {0x1000U, 0x2000U, 0x3000U}) {
    EXPECT_EQ(table.find(function - 1).description, nullptr);
    EXPECT_EQ(table.find(function).function, table.address(function));
    EXPECT_EQ(table.find(function + 0xff).function, table.address(function));
    EXPECT_EQ(table.find(function + 0x100).description, nullptr);
  }
}

TEST(EhFrameHeader, EndsOfFunctions) { expect_three(Made{}); }

TEST(EhFrameHeader, EveryAugmentation) {
  expect_three(Made{"zRS", {0x1b}});
  expect_three(Made{"zLR", {0x1b, 0x1b}});
  expect_three(Made{"zPLR", {0x9b, 1, 2, 3, 4, 0x1b, 0x1b}});
  expect_three(Made{"zPR", {0x00, 1, 2, 3, 4, 5, 6, 7, 8, 0x1b}});
  expect_three(Made{"zR", {0x1c}});
}

TEST(EhFrameHeader, WhatIsNotKnownHasNoEntry) {
  EXPECT_EQ((Made{"", {0x1b}}.find(0x1000).description), nullptr);
  EXPECT_EQ((Made{"zR", {0xff}}.find(0x1000).description), nullptr);
  for (std::size_t byte : {0U, 1U, 2U, 3U}) {
    Made table;
    table.put<std::uint8_t>(byte, 0xff);
    EXPECT_EQ(table.find(0x1000).description, nullptr) << byte;
  }
  Made empty;
  empty.put<std::uint32_t>(8, 0);
  EXPECT_EQ(empty.find(0x1000).description, nullptr);
}

}  // namespace
