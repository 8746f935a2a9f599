// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <atoll/log.hpp>
#include <atoll/result.hpp>

#include <string>

namespace {
std::string console_text;
}  // namespace

namespace atl {
Result<void> log_level_option(std::string_view value);
namespace console {
void write(std::string_view text) { console_text += text; }
}  // namespace console
}  // namespace atl

namespace {

using namespace atl;

class LogTest : public testing::Test {
 protected:
  void SetUp() override {
    console_text.clear();
    log::set_level(log::Level::kInfo);
    log::set_timestamp_source(nullptr);
  }
};

TEST_F(LogTest, a_line_names_library_and_trouble) {
  log::info("vm", "mapped {} pages at {:x}", 3, 0xffffu);
  log::warning("irq", "spurious");
  log::error("acpi", "{}", Errc::kBadMessage);
  EXPECT_EQ(console_text,
            "vm: mapped 3 pages at ffff\nirq: warning: spurious\nacpi: error: bad message\n");
}

TEST_F(LogTest, shows_warnings_and_errors_unless_told_otherwise) {
  ASSERT_TRUE(log_level_option("warning").ok());
  log::info("vm", "hidden");
  log::warning("vm", "shown");
  EXPECT_EQ(console_text, "vm: warning: shown\n");
}

TEST_F(LogTest, the_option_knows_its_levels) {
  ASSERT_TRUE(log_level_option("error").ok());
  EXPECT_FALSE(log::shows(log::Level::kWarning));
  EXPECT_TRUE(log::shows(log::Level::kError));
  ASSERT_TRUE(log_level_option("info").ok());
  EXPECT_TRUE(log::shows(log::Level::kInfo));
  ASSERT_TRUE(log_level_option("debug").ok());
  EXPECT_FALSE(log::shows(log::Level::kDebug)) << "not compiled in by default";
  for (const char* wrong : {"", "banana", "Info", "infos", "inf", "warn", "debug ", " ", "0"}) {
    EXPECT_EQ(log_level_option(wrong).error(), Errc::kInvalidArgument) << wrong;
  }
}

TEST_F(LogTest, what_is_not_compiled_in_is_not_evaluated_into_text) {
  log::set_level(log::Level::kDebug);
  log::debug("vm", "{}", "never");
  EXPECT_EQ(console_text, "");
}

TEST_F(LogTest, a_long_line_is_cut_and_ends) {
  log::info("vm", "{}", std::string_view{std::string(1000, 'x')});
  EXPECT_EQ(console_text.size(), 199u);
  EXPECT_EQ(console_text.back(), '\n');
}

TEST_F(LogTest, timestamps_in_seconds_and_microseconds) {
  log::set_timestamp_source([] { return Nanoseconds{1'234'567}; });
  log::info("vm", "text");
  log::set_timestamp_source([] { return Nanoseconds{123456'000'000'999}; });
  log::info("vm", "text");
  EXPECT_EQ(console_text, "[    0.001234] vm: text\n[123456.000000] vm: text\n");
}

}  // namespace
