/* SPDX-License-Identifier: BSD-3-Clause */
/* Copyright (c) The Atoll authors */

/* What lies between this library and mimalloc, whose own headers only port/mimalloc.c
   sees: C, since mimalloc is. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A heap of mimalloc's, with the thread it takes itself for: one caller at a time. */
typedef struct atoll_mi_heap atoll_mi_heap;

/* What all blocks of a heap take, and the most that they took; what the heap took for
   them. In bytes. */
typedef struct {
  size_t in_use;
  size_t peak;
  size_t reserved;
} atoll_mi_counts;

/* The room that a heap needs, and what that is aligned to. */
extern const size_t atoll_mi_heap_size;
enum { kAtollMiHeapAlignment = 64 };

/* Makes a heap in `room`; takes no memory for blocks yet. */
atoll_mi_heap* atoll_mi_heap_make(void* room);
/* Gives back all that it took, blocks in use included; `room` stays the caller's. */
void atoll_mi_heap_end(atoll_mi_heap* heap);

/* A block for `size` bytes, aligned to 16; null without memory. */
void* atoll_mi_allocate(atoll_mi_heap* heap, size_t size);
/* The same, aligned to `alignment`, a power of two. */
void* atoll_mi_allocate_aligned(atoll_mi_heap* heap, size_t size, size_t alignment);
/* Frees `block`, which is of this heap. */
void atoll_mi_free(atoll_mi_heap* heap, void* block);
/* The bytes that may be used at `block`. */
size_t atoll_mi_usable_size(const void* block);
/* The heap that `block`, which is in use, was allocated in. Needs no lock. */
atoll_mi_heap* atoll_mi_owner(const void* block);

atoll_mi_counts atoll_mi_heap_counts(const atoll_mi_heap* heap);
/* Of these, in_use. */
size_t atoll_mi_in_use(const atoll_mi_heap* heap);
/* A size that can be allocated without taking more memory; 0: none is known. */
size_t atoll_mi_largest_free(const atoll_mi_heap* heap);

/* What this library defines for mimalloc. */

/* Address space of `size` bytes, a multiple of `alignment`, which it is aligned to, all
   of it committed or only its beginning; null without memory. Adds to `reserved` what it
   takes. */
void* atoll_mi_os_reserve(size_t size, size_t alignment, bool commit, size_t* reserved);
/* Gives all of it back. */
void atoll_mi_os_release(void* start, size_t* reserved);
/* Memory behind a part of it; false, and nothing changed, without memory. */
bool atoll_mi_os_commit(void* start, size_t size, size_t* reserved);
void atoll_mi_os_decommit(void* start, size_t size, size_t* reserved);

/* A caller's mistake. Does not return. */
__attribute__((noreturn)) void atoll_mi_misused(void);

#ifdef __cplusplus
}
#endif
