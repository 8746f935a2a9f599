// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <span>
#include <string_view>

/// `library.option=value … -- app arguments`.
namespace atoll {

/// An option of a library in this image. The table is generated from the
/// BOOT_OPTIONS of the chosen libraries: `BOOT_OPTIONS level log_level_option`
/// in lib/log makes `log.level=` call `Result<void>
/// atoll::log_level_option(std::string_view value)`.
struct BootOption {
  std::string_view name;                       ///< "log.level"
  Result<void> (*apply)(std::string_view value);
};

namespace generated {
/// In build/<cell>/generated/boot_options.cpp.
std::span<const BootOption> boot_options();
/// Names that count as "in the image" before the dot, sorted.
std::span<const std::string_view> option_owners();
}  // namespace generated

/// What is left for the program; argv[argc] is null. Valid after the boot step
/// of command_line.
std::span<char*> program_arguments();
/// `env.NAME=value` as NAME=value strings; null-terminated like environ.
char** program_environment();

}  // namespace atoll
