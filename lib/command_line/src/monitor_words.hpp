// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <string_view>

namespace atl::command_line {

/// Whether monitors and loaders add `word` by themselves, meant for Linux.
/// `in_arguments`: it stands behind `--`, where only words that are added
/// behind everything else count, so that a program keeps its own `ro`.
bool is_monitor_word(std::string_view word, bool in_arguments);

}  // namespace atl::command_line
