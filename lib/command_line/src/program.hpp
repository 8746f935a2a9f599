// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/boot_info.hpp>
#include <atoll/command_line.hpp>
#include <cstddef>

namespace atl::command_line {

/// What a command line leaves for the program; the arrays end in null.
struct Program {
  std::array<char*, kMaxProgramArguments + 2> arguments{};
  std::size_t argument_count = 0;
  std::array<char*, kMaxEnvironment + 1> environment{};
  std::size_t environment_count = 0;
  /// argv[0], cut to fit.
  std::array<char, 64> name{};
  /// The words themselves.
  std::array<char, BootInfo::kMaxCommandLine + 1> text{};
};

/// Applies the options in `line`, which ends at its first NUL, and fills `program`, which is empty.
/// Says on the console what is wrong, one line for each error or warning.
///
/// kInvalidArgument: bad quoting, an option that its library does not have or
/// whose value it refuses, env. without a name. kTooBig: more arguments or
/// variables than fit, or a line longer than BootInfo::kMaxCommandLine.
Result<void> parse(std::string_view line, Program& program);

}  // namespace atl::command_line
