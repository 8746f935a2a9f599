// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <functional>
#include <map>
#include <string>

/// What xenstore holds in these tests, and what a wait of a watch does.
namespace fake {

inline std::map<std::string, std::string> nodes;
/// Called where a thread would wait for the watched node; false: the deadline comes.
inline bool (*wait)() = nullptr;
inline int watches = 0;
/// Called after the code under test has written a node.
inline std::function<void(const std::string& path)> written;

/// Somebody else sets a node, or removes one: who watches it is told.
void set(const std::string& path, const std::string& value);
void remove(const std::string& path);
/// Of code that watches as long as its image lives.
void forget_watches();

}  // namespace fake
