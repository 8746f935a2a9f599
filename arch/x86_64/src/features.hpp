// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

/// What enable_cpu_features() found on the boot CPU; the others are alike.
extern "C" {
extern bool atoll_x86_has_fsgsbase;
extern bool atoll_x86_has_rdseed;
extern bool atoll_x86_has_rdrand;
}
