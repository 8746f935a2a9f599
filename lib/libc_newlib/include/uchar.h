// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef ATOLL_UCHAR_H
#define ATOLL_UCHAR_H

// ISO C17 §7.28; newlib has none. lib/libc_newlib_uchar has the functions.

#include <sys/_types.h>
#define __need_size_t
#include <stddef.h>

// newlib's guard, as in its <wchar.h>.
#ifndef _MBSTATE_T
#define _MBSTATE_T
typedef _mbstate_t mbstate_t;
#endif

#ifndef __cplusplus
typedef __CHAR16_TYPE__ char16_t;
typedef __CHAR32_TYPE__ char32_t;
#endif

#ifdef __cplusplus
extern "C" {
#endif

size_t mbrtoc16(char16_t* __restrict to, const char* __restrict from, size_t size,
                mbstate_t* __restrict state);
size_t c16rtomb(char* __restrict to, char16_t unit, mbstate_t* __restrict state);
size_t mbrtoc32(char32_t* __restrict to, const char* __restrict from, size_t size,
                mbstate_t* __restrict state);
size_t c32rtomb(char* __restrict to, char32_t character, mbstate_t* __restrict state);

#ifdef __cplusplus
}
#endif

#endif
