/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) The Atoll authors
 *
 * What libgcc's unwinder includes of the tree that GCC is built in: here it is compiled by
 * itself, by support/atoll/ports/libstdcxx.py. */
#ifndef ATOLL_UNWINDER_TSYSTEM_H
#define ATOLL_UNWINDER_TSYSTEM_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* A condition that does not hold is a table of unwinding that is damaged. */
#define gcc_assert(expression) ((void)((expression) ? 0 : (abort(), 0)))
#define gcc_unreachable() abort()

#define ATTRIBUTE_UNUSED __attribute__((__unused__))

/* Registers have the numbers of DWARF. */
#define DWARF_REG_TO_UNWIND_COLUMN(number) (number)

#endif
