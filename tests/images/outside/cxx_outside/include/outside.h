/* SPDX-License-Identifier: BSD-3-Clause */
/* Copyright (c) The Atoll authors */
#pragma once

/* A library outside of the program: exceptions pass through it, and come from it. */

#ifdef __cplusplus
#include <functional>
#include <string>
#include <vector>

namespace outside {

/* The sum of what `weigh` says of each value. */
int total(const std::vector<int>& values, const std::function<int(int)>& weigh);

/* Throws an exception of a type that is not declared here. */
[[noreturn]] void fail(const std::string& why);

}  // namespace outside

extern "C" {
#endif

/* The sum of what `visit` gives for 1 to `count`; in C. */
int outside_each(int count, int (*visit)(int value, void* closure), void* closure);

#ifdef __cplusplus
}
#endif
