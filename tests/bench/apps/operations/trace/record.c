/* SPDX-License-Identifier: BSD-3-Clause */
/* Copyright (c) The Atoll authors */

/* Writes what the program asks of malloc to the file that ATOLL_TRACE names: to be
   preloaded (ld.so(8), LD_PRELOAD) by record.py. One thread; the program's descendants are
   not recorded. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct operation {
  uint64_t what; /* 'A', 'R', 'F' */
  uint64_t before, after, size;
};

static struct operation noted[4096];
static unsigned count;
static int file = -1;
static char room[65536]; /* for what dlsym() itself allocates */
static size_t used;

static void* (*next_malloc)(size_t);
static void* (*next_realloc)(void*, size_t);
static void (*next_free)(void*);

static void write_out(void) {
  const char* bytes = (const char*)noted;
  size_t left = count * sizeof noted[0];
  while (left > 0) {
    const ssize_t done = write(file, bytes, left);
    if (done <= 0) break;
    bytes += done;
    left -= (size_t)done;
  }
  count = 0;
}

static void note(char what, void* before, void* after, size_t size) {
  if (file < 0) return;
  noted[count++] = (struct operation){(uint64_t)what, (uintptr_t)before, (uintptr_t)after, size};
  if (count == sizeof noted / sizeof noted[0]) write_out();
}

static int is_early(const void* block) {
  return (const char*)block >= room && (const char*)block < room + sizeof room;
}

__attribute__((constructor)) static void begin(void) {
  next_malloc = (void* (*)(size_t))dlsym(RTLD_NEXT, "malloc");
  next_realloc = (void* (*)(void*, size_t))dlsym(RTLD_NEXT, "realloc");
  next_free = (void (*)(void*))dlsym(RTLD_NEXT, "free");
  const char* const name = getenv("ATOLL_TRACE");
  if (name != NULL) file = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  unsetenv("LD_PRELOAD");
}

__attribute__((destructor)) static void end(void) { write_out(); }

void* malloc(size_t size) {
  if (next_malloc == NULL) {
    void* const block = room + used;
    used += (size + 15) & ~(size_t)15;
    return used <= sizeof room ? block : NULL;
  }
  void* const block = next_malloc(size);
  note('A', NULL, block, size);
  return block;
}

void* calloc(size_t number, size_t size) {
  if (size != 0 && number > SIZE_MAX / size) return NULL;
  void* const block = malloc(number * size);
  return block == NULL ? NULL : memset(block, 0, number * size);
}

void* realloc(void* block, size_t size) {
  if (block == NULL || is_early(block)) return malloc(size);
  void* const moved = next_realloc(block, size);
  note('R', block, moved, size);
  return moved;
}

void free(void* block) {
  if (block == NULL || is_early(block)) return;
  note('F', block, NULL, 0);
  next_free(block);
}
