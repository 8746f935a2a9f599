/* SPDX-License-Identifier: BSD-3-Clause */
/* Copyright (c) The Atoll authors */
#pragma once

/* mimalloc writes it, nobody reads it. */
extern int atoll_mi_errno;
#define errno atoll_mi_errno
