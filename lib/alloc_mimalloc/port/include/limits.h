/* SPDX-License-Identifier: BSD-3-Clause */
/* Copyright (c) The Atoll authors */
#pragma once

#define LONG_MAX __LONG_MAX__
#define ULONG_MAX (LONG_MAX * 2UL + 1UL)
#define UINT_MAX (__INT_MAX__ * 2U + 1U)
