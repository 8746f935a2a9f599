// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// The input is a command line.
#include <atoll/command_line.hpp>
#include <atoll/console.hpp>

#include <cstring>
#include <memory>

#include "../../../lib/command_line/src/program.hpp"
#include "../expect.hpp"

namespace {

std::string_view line;

atl::Result<void> take(std::string_view value) {
  FUZZ_EXPECT(value.size() <= line.size());
  FUZZ_EXPECT(value.data()[value.size()] == '\0');
  if (value == "banana") return atl::fail(atl::Errc::kInvalidArgument);
  return {};
}

constexpr atl::BootOption kOptions[] = {
    {"log.level", take}, {"shutdown.nonce", take}, {"virtio_mmio.device", take}};
using namespace std::string_view_literals;
constexpr std::string_view kOwners = "log\0shutdown\0sched\0"sv;

}  // namespace

namespace atl {
namespace generated {
std::span<const BootOption> boot_options() { return kOptions; }
std::string_view option_owners() { return kOwners; }
std::string_view application_name() { return "fuzz"; }
}  // namespace generated

namespace console {
void write(std::string_view text) { FUZZ_EXPECT(text.size() < 256); }
}  // namespace console
}  // namespace atl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A copy of just that size, so that a read behind it shows.
  const auto copy = std::make_unique<char[]>(size);
  if (size != 0) std::memcpy(copy.get(), data, size);
  line = {copy.get(), size};
  const auto program = std::make_unique<atl::command_line::Program>();
  const auto parsed = atl::command_line::parse(line, *program);
  if (!parsed.ok()) return 0;

  FUZZ_EXPECT(program->argument_count >= 1);
  FUZZ_EXPECT(program->argument_count <= atl::kMaxProgramArguments + 1);
  FUZZ_EXPECT(program->arguments[program->argument_count] == nullptr);
  FUZZ_EXPECT(program->environment[program->environment_count] == nullptr);
  const char* const first = program->text.data();
  const char* const end = first + program->text.size();
  for (std::size_t i = 1; i < program->argument_count; ++i) {
    const char* const argument = program->arguments[i];
    FUZZ_EXPECT(argument >= first && argument + std::strlen(argument) < end);
  }
  for (std::size_t i = 0; i < program->environment_count; ++i) {
    const char* const variable = program->environment[i];
    FUZZ_EXPECT(variable >= first && variable + std::strlen(variable) < end);
    FUZZ_EXPECT(std::strchr(variable, '=') != nullptr && variable[0] != '=');
  }
  return 0;
}
