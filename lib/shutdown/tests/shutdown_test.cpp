// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <atoll/arch.hpp>
#include <atoll/host/machine.hpp>
#include <atoll/result.hpp>
#include <atoll/shutdown.hpp>

#include <cstdio>
#include <string>

// How a machine ends: here, the process. What it hears goes to stderr, where
// death tests look.
namespace atl {

Result<void> shutdown_nonce_option(std::string_view value);
Result<void> shutdown_debug_exit_option(std::string_view value);
Result<void> shutdown_timeout_option(std::string_view value);

namespace power {
void off() {
  std::fputs("power off\n", stderr);
  std::_Exit(0);
}
void crash() {
  std::fputs("power crash\n", stderr);
  std::_Exit(1);
}
void debug_exit(std::string_view device, std::uint8_t status) {
  std::fprintf(stderr, "debug exit %.*s %u\n", static_cast<int>(device.size()), device.data(),
               unsigned{status});
}
}  // namespace power

namespace console {
void write(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }
void fresh_line() {}
}  // namespace console

}  // namespace atl

// An ELF note: 4 bytes name size, 4 bytes descriptor size, 4 bytes type, "GNU",
// then the descriptor.
asm(R"(
  .pushsection .rodata
  .globl __build_id_start, __build_id_end
__build_id_start:
  .long 4, 3, 3
  .asciz "GNU"
  .byte 0x0a, 0xbc, 0xff
__build_id_end:
  .popsection
)");

namespace {

using namespace atl;

class ShutdownDeathTest : public testing::Test {
 protected:
  void SetUp() override {
    testing::FLAGS_gtest_death_test_style = "threadsafe";
    host::reset_machine();
  }
};

using testing::ExitedWithCode;

TEST_F(ShutdownDeathTest, exit_runs_the_terminators_then_writes_the_record) {
  shutdown::set_terminators([] { std::fputs("terminators\n", stderr); });
  EXPECT_EXIT(shutdown::exit(7), ExitedWithCode(0), "^terminators\natoll: exit 7\npower off\n$");
}

TEST_F(ShutdownDeathTest, the_status_is_a_byte) {
  EXPECT_EXIT(shutdown::exit(256 + 3), ExitedWithCode(0), "atoll: exit 3\n");
  EXPECT_EXIT(shutdown::exit(-1), ExitedWithCode(0), "atoll: exit 255\n");
}

TEST_F(ShutdownDeathTest, exit_inside_a_terminator_ends_at_once) {
  shutdown::set_terminators([] { shutdown::exit(9); });
  EXPECT_EXIT(shutdown::exit(1), ExitedWithCode(0), "^atoll: exit 9\npower off\n$");
}

TEST_F(ShutdownDeathTest, a_crash_names_the_build_and_runs_no_terminator) {
  shutdown::set_terminators([] { std::fputs("terminators\n", stderr); });
  EXPECT_EXIT(shutdown::crash(), ExitedWithCode(1), "^atoll: panic 0abcff\npower crash\n$");
}

TEST_F(ShutdownDeathTest, the_nonce_ends_the_record) {
  ASSERT_TRUE(shutdown_nonce_option("f00d").ok());
  EXPECT_EXIT(shutdown::exit(0), ExitedWithCode(0), "^atoll: exit 0 f00d\n");
  EXPECT_EXIT(shutdown::crash(), ExitedWithCode(1), "^atoll: panic 0abcff f00d\n");
}

TEST_F(ShutdownDeathTest, the_debugging_device_is_told_only_when_named) {
  ASSERT_TRUE(shutdown_debug_exit_option("0x501").ok());
  EXPECT_EXIT(shutdown::exit(5), ExitedWithCode(0), "exit 5.*\ndebug exit 0x501 5\npower off\n$");
  EXPECT_EXIT(shutdown::crash(), ExitedWithCode(1), "debug exit 0x501 134\npower crash\n$");
}

TEST_F(ShutdownDeathTest, a_stop_request_ends_with_143) {
  EXPECT_EXIT(shutdown::request_stop(), ExitedWithCode(0), "atoll: exit 143");
}

TEST_F(ShutdownDeathTest, a_stop_that_takes_too_long_ends_with_124) {
  ASSERT_TRUE(shutdown_timeout_option("3").ok());
  shutdown::set_stop_handler([] {});
  shutdown::stop_services().call_after = [](std::uint32_t seconds, void (*function)()) {
    std::fprintf(stderr, "after %u\n", seconds);
    function();
  };
  EXPECT_EXIT(shutdown::request_stop(), ExitedWithCode(0), "^after 3\natoll: exit 124");
}

TEST_F(ShutdownDeathTest, a_stop_request_counts_once) {
  static int handled, interrupted;
  shutdown::stop_services() = {};
  shutdown::stop_services().interrupt_waits = [] { ++interrupted; };
  shutdown::set_stop_handler([] { ++handled; });
  EXPECT_FALSE(shutdown::stop_requested());
  shutdown::request_stop();
  shutdown::request_stop();
  EXPECT_TRUE(shutdown::stop_requested());
  EXPECT_EQ(handled, 1);
  EXPECT_EQ(interrupted, 1);
}

TEST_F(ShutdownDeathTest, options_that_are_nonsense) {
  const std::string long_nonce(65, 'a');
  for (const std::string_view wrong : {"", "a b", "tab\t", "line\n", long_nonce.c_str()}) {
    EXPECT_EQ(shutdown_nonce_option(wrong).error(), Errc::kInvalidArgument) << wrong;
  }
  EXPECT_EQ(shutdown_debug_exit_option("").error(), Errc::kInvalidArgument);
  EXPECT_EQ(shutdown_timeout_option("soon").error(), Errc::kInvalidArgument);
  EXPECT_EQ(shutdown_timeout_option("86401").error(), Errc::kOutOfRange);
  EXPECT_EQ(shutdown::build_id(), "0abcff");
}

}  // namespace
