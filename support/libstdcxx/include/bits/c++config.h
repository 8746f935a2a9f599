// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

// libstdc++ as configured for a host with threads; kernel libraries have none
// of its thread layer, so that <atomic> and <memory> include no pthread.h.
#include_next <bits/c++config.h>
#undef _GLIBCXX_HAS_GTHREADS
#undef _GLIBCXX_VERBOSE
#define _GLIBCXX_VERBOSE 0
#undef _GLIBCXX_HAVE_LINUX_FUTEX
#undef _GLIBCXX_HAVE_UNISTD_H
#undef _GLIBCXX_USE_C99_STDIO
