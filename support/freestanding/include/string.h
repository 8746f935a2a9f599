// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif
// ISO C17 7.24, the part that kernel libraries use; lib/cstring supplies it.
void* memcpy(void* __restrict to, const void* __restrict from, size_t count);
void* memmove(void* to, const void* from, size_t count);
void* memset(void* to, int byte, size_t count);
int memcmp(const void* left, const void* right, size_t count);
void* memchr(const void* in, int byte, size_t count);
size_t strlen(const char* text);
int strcmp(const char* left, const char* right);
int strncmp(const char* left, const char* right, size_t count);
char* strchr(const char* in, int character);
#ifdef __cplusplus
}
#endif
