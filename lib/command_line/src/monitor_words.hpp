// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <string_view>

namespace atl::command_line {

/// Whether `word` is in `list`, a text in one piece with a NUL behind each entry. An
/// entry that ends in '=' or '.' stands for all words that begin with it.
bool is_listed(std::string_view word, std::string_view list);

/// Whether monitors and loaders add `word` by themselves, meant for Linux.
/// `in_arguments`: it stands behind `--`, where only words that are added
/// behind everything else count, so that a program keeps its own `ro`.
bool is_monitor_word(std::string_view word, bool in_arguments);

}  // namespace atl::command_line
