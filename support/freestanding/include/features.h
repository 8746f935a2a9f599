// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

// What libstdc++ asks of a C library that calls itself glibc: nothing.
#define __GLIBC_PREREQ(major, minor) 0
