// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <stddef.h>

// Only what <string_view> and <algorithm> need in order to compile: no function
// of this header is in an image.
typedef __WINT_TYPE__ wint_t;
typedef struct {
  int unused;
} mbstate_t;
#define WEOF (~(wint_t)0)
wchar_t* wmemcpy(wchar_t* to, const wchar_t* from, size_t count);
wchar_t* wmemmove(wchar_t* to, const wchar_t* from, size_t count);
wchar_t* wmemset(wchar_t* to, wchar_t value, size_t count);
int wmemcmp(const wchar_t* left, const wchar_t* right, size_t count);
wchar_t* wmemchr(const wchar_t* in, wchar_t value, size_t count);
size_t wcslen(const wchar_t* text);
