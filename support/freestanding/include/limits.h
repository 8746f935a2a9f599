// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

// GCC's own limits.h continues with the C library's unless told that it came
// from there.
#define _GCC_LIMITS_H_
#define SCHAR_MAX __SCHAR_MAX__
#define CHAR_BIT __CHAR_BIT__
#define INT_MAX __INT_MAX__
#define UINT_MAX (__INT_MAX__ * 2U + 1U)
#define LONG_MAX __LONG_MAX__
