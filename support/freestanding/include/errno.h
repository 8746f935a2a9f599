// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

// Kernel libraries have no errno; <charconv> and <atomic> name these two.
#define EINVAL 22
#define ERANGE 34
