/* SPDX-License-Identifier: BSD-3-Clause */
/* Copyright (c) The Atoll authors */
#pragma once

/* What functions of mimalloc call that no image keeps. */
void abort(void);
int atexit(void (*function)(void));
