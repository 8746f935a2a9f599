// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <map>
#include <string>

/// What xenstore holds in these tests, and what a wait of a watch does.
namespace fake {

inline std::map<std::string, std::string> nodes;
/// Called where a thread would wait for the watched node; false: the deadline comes.
inline bool (*wait)() = nullptr;
inline int watches = 0;

}  // namespace fake
