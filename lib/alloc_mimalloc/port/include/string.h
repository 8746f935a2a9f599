/* SPDX-License-Identifier: BSD-3-Clause */
/* Copyright (c) The Atoll authors */
#pragma once

#include <stddef.h>

void* memcpy(void* restrict to, const void* restrict from, size_t size);
void* memset(void* block, int value, size_t size);
size_t strlen(const char* text);
void* memchr(const void* block, int value, size_t size);
