// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <string_view>

namespace atl::vm_test {

/// Whether all of `text` is what `pattern` says: `*` is any text, `?` any
/// character.
bool matches(std::string_view pattern, std::string_view text);

/// Whether `suite.name` is what one of `patterns` says, which colons separate.
bool matches(std::string_view patterns, std::string_view suite, std::string_view name);

}  // namespace atl::vm_test
