// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <atoll/boot_info_entry.hpp>
#include <atoll/command_line.hpp>
#include <atoll/console.hpp>

#include <memory>
#include <string>
#include <vector>

#include "../src/program.hpp"

namespace atl {

Result<void> command_line_init();

namespace {

std::string console_text;
std::vector<std::string> applied;

Result<void> log_level(std::string_view value) {
  EXPECT_EQ(value.data()[value.size()], '\0');
  applied.push_back("log.level=" + std::string{value});
  if (value == "banana") return fail(Errc::kInvalidArgument);
  return {};
}
Result<void> log_file(std::string_view value) {
  applied.push_back("log.file=" + std::string{value});
  return {};
}

/// What monitors add, and a library of the image takes.
Result<void> device(std::string_view value) {
  applied.push_back(std::string{value});
  if (value == "banana") return fail(Errc::kInvalidArgument);
  return {};
}

constexpr BootOption kOptions[] = {
    {"log.file", log_file}, {"log.level", log_level}, {"virtio_mmio.device", device}};
using namespace std::string_view_literals;
constexpr std::string_view kOwners = "log\0sched\0"sv;

}  // namespace

namespace generated {
std::span<const BootOption> boot_options() { return kOptions; }
std::string_view option_owners() { return kOwners; }
std::string_view application_name() { return "hello"; }
}  // namespace generated

namespace console {
void write(std::string_view text) { console_text += text; }
}  // namespace console

namespace command_line {
namespace {

using Words = std::vector<std::string>;

class CommandLineTest : public testing::Test {
 protected:
  CommandLineTest() {
    console_text.clear();
    applied.clear();
  }

  Errc parse(std::string_view line) {
    program = std::make_unique<Program>();
    const auto result = command_line::parse(line, *program);
    return result.ok() ? Errc{} : result.error();
  }
  Words arguments() const {
    return {&program->arguments[1], &program->arguments[program->argument_count]};
  }
  Words environment() const {
    return {&program->environment[0], &program->environment[program->environment_count]};
  }
  static bool said(std::string_view text) { return console_text.find(text) != std::string::npos; }

  std::unique_ptr<Program> program;
};

TEST_F(CommandLineTest, empty_line_gives_the_name_alone) {
  EXPECT_EQ(parse(""), Errc{});
  EXPECT_EQ(program->argument_count, 1u);
  EXPECT_STREQ(program->arguments[0], "hello");
  EXPECT_EQ(program->arguments[1], nullptr);
  EXPECT_EQ(program->environment[0], nullptr);
  EXPECT_EQ(parse(" \t \n"), Errc{});
  EXPECT_TRUE(arguments().empty());
}

TEST_F(CommandLineTest, options_go_to_their_libraries_in_order) {
  EXPECT_EQ(parse("log.level=debug log.file=a=b log.level= -- x"), Errc{});
  EXPECT_EQ(applied, (Words{"log.level=debug", "log.file=a=b", "log.level="}));
  EXPECT_EQ(arguments(), (Words{"x"}));
  EXPECT_TRUE(console_text.empty());
}

TEST_F(CommandLineTest, unknown_option_of_a_library_in_the_image_is_fatal) {
  EXPECT_EQ(parse("log.colour=red"), Errc::kInvalidArgument);
  EXPECT_TRUE(said("log.colour"));
  EXPECT_EQ(parse("log.leve=debug"), Errc::kInvalidArgument);
  EXPECT_EQ(parse("log.level2=debug"), Errc::kInvalidArgument);
  EXPECT_EQ(parse("sched.slice=1"), Errc::kInvalidArgument);
  EXPECT_EQ(parse("log.=1"), Errc::kInvalidArgument);
  EXPECT_TRUE(applied.empty());
}

TEST_F(CommandLineTest, option_of_a_library_outside_the_image_is_a_warning) {
  EXPECT_EQ(parse("lwip.ip=10.0.0.1 logg.level=x -- a"), Errc{});
  EXPECT_TRUE(said("warning"));
  EXPECT_TRUE(said("lwip.ip=10.0.0.1"));
  EXPECT_TRUE(said("logg.level"));
  EXPECT_EQ(arguments(), (Words{"a"}));
}

TEST_F(CommandLineTest, malformed_value_names_option_and_value) {
  EXPECT_EQ(parse("log.level=banana"), Errc::kInvalidArgument);
  EXPECT_TRUE(said("error"));
  EXPECT_TRUE(said("log.level=banana"));
}

TEST_F(CommandLineTest, option_without_value_is_fatal) {
  EXPECT_EQ(parse("log.level"), Errc::kInvalidArgument);
  EXPECT_TRUE(said("log.level needs a value"));
}

TEST_F(CommandLineTest, word_that_is_no_option_is_a_warning) {
  EXPECT_EQ(parse("hello a=b -- c"), Errc{});
  EXPECT_TRUE(said("ignored hello"));
  EXPECT_TRUE(said("ignored a=b"));
  EXPECT_EQ(arguments(), (Words{"c"}));
}

TEST_F(CommandLineTest, quoting) {
  EXPECT_EQ(
      parse(R"(log.file="a b" -- "two words" a\ b \"q\" "in\"side" pre"mid dle"post "" \\ ' --)"),
      Errc{});
  EXPECT_EQ(applied, (Words{"log.file=a b"}));
  EXPECT_EQ(arguments(), (Words{"two words", "a b", "\"q\"", "in\"side", "premid dlepost", "", "\\",
                                "'", "--"}));
}

TEST_F(CommandLineTest, unfinished_quoting_is_fatal) {
  for (const char* line : {"\"", "-- \"a b", "-- a\\", "\\", "-- \"a\\\""}) {
    console_text.clear();
    EXPECT_EQ(parse(line), Errc::kInvalidArgument) << line;
    EXPECT_TRUE(said("error")) << line;
  }
}

TEST_F(CommandLineTest, quoted_separator_is_a_word) {
  EXPECT_EQ(parse("\"--\" -- a"), Errc{});
  EXPECT_TRUE(said("ignored --"));
  EXPECT_EQ(arguments(), (Words{"a"}));
}

TEST_F(CommandLineTest, words_of_monitors_never_reach_the_program) {
  EXPECT_EQ(parse("console=ttyS0 reboot=k panic=1 pci=off nomodules ro i8042.noaux 8250.nr_uarts=0 "
                  "earlyprintk=ttyS0 root=/dev/vda -- a earlyprintk console=hvc0 b "
                  "virtio_mmio.device=512@0xfeb00e00:12 root=/dev/vda"),
            Errc{});
  EXPECT_TRUE(console_text.empty()) << console_text;
  EXPECT_EQ(arguments(), (Words{"a", "b"}));
}

TEST_F(CommandLineTest, a_word_of_monitors_is_an_option_where_a_library_has_it) {
  EXPECT_EQ(parse("virtio_mmio.device=1@2:3 console=ttyS0 -- a virtio_mmio.device=4@5:6 "
                  "\"virtio_mmio.device=b\" virtio_mmio.device= virtio_mmio.devices=c"),
            Errc{});
  EXPECT_EQ(applied, (Words{"1@2:3", "4@5:6", ""}));
  EXPECT_EQ(arguments(), (Words{"a", "virtio_mmio.device=b", "virtio_mmio.devices=c"}));
  EXPECT_TRUE(console_text.empty()) << console_text;
  EXPECT_EQ(parse("-- virtio_mmio.device=banana"), Errc::kInvalidArgument);
  EXPECT_TRUE(said("error: virtio_mmio.device=banana"));
}

TEST_F(CommandLineTest, a_program_keeps_its_own_words_that_look_alike) {
  EXPECT_EQ(parse("-- ro quiet \"root=/srv\" consoles=2 root"), Errc{});
  EXPECT_EQ(arguments(), (Words{"ro", "quiet", "root=/srv", "consoles=2", "root"}));
}

TEST_F(CommandLineTest, environment) {
  EXPECT_EQ(parse("env.A=1 env.B=\"x y\" env.A=2 env.AA= -- env.C=3"), Errc{});
  EXPECT_EQ(environment(), (Words{"A=2", "B=x y", "AA="}));
  EXPECT_EQ(program->environment[3], nullptr);
  EXPECT_EQ(arguments(), (Words{"env.C=3"}));
  for (const char* line : {"env.", "env.=1", "env.A"}) {
    EXPECT_EQ(parse(line), Errc::kInvalidArgument) << line;
  }
}

TEST_F(CommandLineTest, line_ends_at_its_first_nul) {
  EXPECT_EQ(parse(std::string_view{"env.A=1 -- b\0c \"", 17}), Errc{});
  EXPECT_EQ(arguments(), (Words{"b"}));
}

TEST_F(CommandLineTest, limits_are_exact) {
  std::string line = "--";
  for (std::size_t i = 0; i < kMaxProgramArguments; ++i) line += " a";
  EXPECT_EQ(parse(line), Errc{});
  EXPECT_EQ(arguments().size(), kMaxProgramArguments);
  EXPECT_EQ(program->arguments[kMaxProgramArguments + 1], nullptr);
  EXPECT_EQ(parse(line + " b"), Errc::kTooBig);
  EXPECT_TRUE(said("more than 64 program arguments"));

  line.clear();
  for (std::size_t i = 0; i < kMaxEnvironment; ++i) line += "env.V" + std::to_string(i) + "=1 ";
  EXPECT_EQ(parse(line), Errc{});
  EXPECT_EQ(parse(line + "env.V1=2"), Errc{});
  EXPECT_EQ(parse(line + "env.X=2"), Errc::kTooBig);
  EXPECT_TRUE(said("more than 64 variables"));
}

TEST_F(CommandLineTest, longest_line) {
  const std::string longest = "-- " + std::string(BootInfo::kMaxCommandLine - 3, 'x');
  EXPECT_EQ(parse(longest), Errc{});
  EXPECT_EQ(arguments()[0].size(), longest.size() - 3);
  EXPECT_EQ(parse(longest + "x"), Errc::kTooBig);
}

TEST_F(CommandLineTest, a_hostile_word_makes_one_short_line) {
  EXPECT_EQ(parse("log." + std::string(4000, 'x')), Errc::kInvalidArgument);
  EXPECT_LT(console_text.size(), 300u);
  EXPECT_EQ(console_text.back(), '\n');
}

TEST_F(CommandLineTest, boot_step_reads_the_loaders_line) {
  BootInfo& info = boot_info_for_entry();
  boot_entry::copy_command_line(info, std::string_view{"env.HOME=/ -- one two"});
  ASSERT_TRUE(command_line_init().ok());
  const auto arguments = program_arguments();
  ASSERT_EQ(arguments.size(), 3u);
  EXPECT_STREQ(arguments[0], "hello");
  EXPECT_STREQ(arguments[2], "two");
  EXPECT_EQ(arguments.data()[3], nullptr);
  EXPECT_STREQ(program_environment()[0], "HOME=/");
  EXPECT_EQ(program_environment()[1], nullptr);
  arguments[0][0] = 'H';

  boot_entry::copy_command_line(info, std::string(5000, 'x'));
  EXPECT_EQ(command_line_init().error(), Errc::kTooBig);
  EXPECT_TRUE(said("longer than 4096 bytes"));
}

}  // namespace
}  // namespace command_line
}  // namespace atl
