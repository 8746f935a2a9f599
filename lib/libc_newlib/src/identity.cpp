// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// getpid(2), for an image without the library of processes: it is its one process.

extern "C" int getpid() { return 1; }
