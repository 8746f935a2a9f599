// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "report.hpp"

#include <gtest/gtest.h>
#include <array>
#include <atoll/boot_info.hpp>
#include <atoll/console.hpp>
#include <atoll/shutdown.hpp>
#include <cstring>
#include <string>
#include <vector>

namespace {

constexpr std::uint64_t kBase = 0xffff'ffff'8000'0000;
std::string said;

/// Three functions, as support/atoll/symbol_names.py writes them.
struct Names {
  std::uint32_t count = 3;
  std::uint32_t offsets[3] = {0x100, 0x180, 0x1000};
  char names[32] = "entry\0main\0atl::boot";
};

}  // namespace

extern "C" const Names atoll_symbol_names;
constinit const Names atoll_symbol_names{};

namespace atl {

const BootInfo& boot_info() {
  static const BootInfo info = [] {
    BootInfo made;
    made.image_base = VirtAddr{kBase};
    made.image.size = 0x2000;
    return made;
  }();
  return info;
}

void console::write(std::string_view text) { said += text; }
std::string_view shutdown::build_id() { return "0123"; }

}  // namespace atl

namespace {

using namespace atl;

/// What `emitter` said.
template <typename Emitter>
std::string said_by(Emitter emitter) {
  said.clear();
  emitter();
  return said;
}

std::string named(std::uint64_t offset, bool is_return_address = false) {
  std::array<char, 64> room;
  TextWriter line{room};
  report::append_name(line, offset, is_return_address);
  return line.c_str();
}

struct alignas(16) Record {
  std::uintptr_t outer;
  std::uintptr_t address;
};

TEST(Report, APlaceInTheImageHasItsOffsetAndItsFunction) {
  EXPECT_EQ(said_by([] {
              report::emit_frame(3, {kBase + 0x185, false});
            }),
            "  #3 image+0x185 (0xffffffff80000185) main+0x5\n");
  EXPECT_EQ(said_by([] {
              report::emit_frame(0, {kBase + 0x1000, true});
            }),
            "  #0 image+0x1000 (0xffffffff80001000) atl::boot+0x0 interrupted\n");
  EXPECT_EQ(said_by([] { report::emit_link(kBase + 0x102); }),
            "  lr image+0x102 (0xffffffff80000102) entry+0x2\n");
}

TEST(Report, APlaceElsewhereIsAnAddress) {
  EXPECT_EQ(said_by([] { report::emit_frame(1, {}); }), "  #1 (0x0)\n");
  EXPECT_EQ(said_by([] {
              report::emit_frame(1, {kBase + 0x2000, false});
            }),
            "  #1 (0xffffffff80002000)\n");
  EXPECT_EQ(said_by([] {
              report::emit_frame(1, {kBase - 1, false});
            }),
            "  #1 (0xffffffff7fffffff)\n");
}

TEST(Report, NamesOfTheFirstTheLastAndNone) {
  EXPECT_EQ(named(0xff), "");
  EXPECT_EQ(named(0x100), " entry+0x0");
  EXPECT_EQ(named(0x17f), " entry+0x7f");
  EXPECT_EQ(named(0xffff), " atl::boot+0xefff");
  EXPECT_EQ(named(0x180, true), " entry+0x80") << "the call is before its return address";
  EXPECT_EQ(named(0, true), "");
}

TEST(Report, ARecursionIsOneLine) {
  std::array<Record, 6> records{};
  for (std::size_t i = 0; i < records.size(); ++i) {
    records[i].address = i == 0 ? 1 : i < 5 ? 2 : 3;
    if (i + 1 < records.size())
      records[i].outer = reinterpret_cast<std::uintptr_t>(&records[i + 1]);
  }
  const auto frame = reinterpret_cast<std::uintptr_t>(&records[0]);
  EXPECT_EQ(said_by([&] { report::emit_backtrace(frame, 1); }),
            "  #1 (0x1)\n  #2 (0x2)\n     and 3 times more\n  #6 (0x3)\n");
}

TEST(Report, NoMoreThanSixtyFourLines) {
  std::vector<Record> records(1000);
  for (std::size_t i = 0; i + 1 < records.size(); ++i) {
    records[i] = {reinterpret_cast<std::uintptr_t>(&records[i + 1]), i + 1};
  }
  const auto frame = reinterpret_cast<std::uintptr_t>(records.data());
  const std::string text = said_by([&] { report::emit_backtrace(frame, 0); });
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 64);
}

TEST(Report, TheStackInLinesOfFourWords) {
  struct alignas(4096) {
    std::array<std::uint64_t, 512> words{};
  } page;
  page.words[4] = 0xabc;
  const std::string text = said_by([&] { report::emit_stack(VirtAddr::of(&page.words[5])); });
  EXPECT_EQ(text.substr(text.find(':'), 36), ": 0000000000000abc 0000000000000000 ");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 8) << "PANIC_STACK_WORDS is 32";
  EXPECT_EQ(said_by([] { report::emit_stack(VirtAddr{0x18}); }), "");
}

TEST(Report, TheIdentity) {
  EXPECT_EQ(said_by([] { report::emit_identity(); }),
            "  cpu 0, image base 0xffffffff80000000 build 0123\n");
}

}  // namespace
