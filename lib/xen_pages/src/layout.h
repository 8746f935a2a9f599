/* SPDX-License-Identifier: BSD-3-Clause */
/* Copyright (c) The Atoll authors */
#pragma once

/* Where the parts of the shared page lie, for src/layout.c and src/pages.cpp. */
#if defined(__x86_64__)
#define LAYOUT_CPU_SIZE 64
#define LAYOUT_TIME 32
#define LAYOUT_PENDING 2048
#else
#define LAYOUT_CPU_SIZE 48
#define LAYOUT_TIME 16
#define LAYOUT_PENDING 48
#endif
#define LAYOUT_MASKED (LAYOUT_PENDING + 512)
#define LAYOUT_WALL (LAYOUT_PENDING + 1024)
