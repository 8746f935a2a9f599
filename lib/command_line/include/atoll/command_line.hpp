// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <cstddef>
#include <span>
#include <string_view>

/// `library.option=value … -- app arguments`. README.md of this library says
/// how words are quoted, and which of them monitors add.
///
/// The boot step reads the loader's command line once; a step of a library that
/// needs its options first comes AFTER command_line.
namespace atl {

/// Words that a program can be given besides its name, and variables of its
/// environment; one more of either is an error at boot.
inline constexpr std::size_t kMaxProgramArguments = 64;
inline constexpr std::size_t kMaxEnvironment = 64;

/// An option of a library in this image. The table is generated from the
/// BOOT_OPTIONS of the chosen libraries: `BOOT_OPTIONS level log_level_option`
/// in lib/log makes `log.level=` call `Result<void>
/// atl::log_level_option(std::string_view value)`.
///
/// `apply` runs in this library's boot step, in the order of the command line;
/// an option given twice is applied twice. `value` lives as long as the image
/// and a NUL follows it. An error ends the boot with a line that names option
/// and value.
struct BootOption {
  std::string_view name;  ///< "log.level"
  Result<void> (*apply)(std::string_view value);
};

namespace generated {
/// In build/<cell>/generated/boot_options.cpp.
std::span<const BootOption> boot_options();
/// Names that count as "in the image" before the dot, each ended by a NUL: a
/// table of pointers would need a relocation for every name.
std::string_view option_owners();
/// argv[0]; a NUL follows it.
std::string_view application_name();
}  // namespace generated

/// argv of the program, its name first; behind the last one stands a null
/// pointer. The program may change the strings and the pointers. Valid after
/// the boot step of command_line.
std::span<char*> program_arguments();
/// `env.NAME=value` as NAME=value strings; null-terminated like environ.
char** program_environment();

}  // namespace atl
