// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/boot_info.hpp>
#include <atoll/command_line.hpp>
#include <atoll/console.hpp>

#include "program.hpp"

namespace atl {
namespace {

constinit command_line::Program the_program;

}  // namespace

std::span<char*> program_arguments() {
  return {the_program.arguments.data(), the_program.argument_count};
}

char** program_environment() { return the_program.environment.data(); }

Result<void> command_line_init() {
  if (boot_info().command_line_truncated) {
    console::write("command line: error: longer than 4096 bytes\n");
    return fail(Errc::kTooBig);
  }
  return command_line::parse(boot_info().command_line(), the_program);
}

}  // namespace atl
