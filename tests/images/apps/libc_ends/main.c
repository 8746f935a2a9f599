// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void first(void) { puts("registered first"); }
static void second(void) { puts("registered second"); }
__attribute__((constructor)) static void before_main(void) { puts("constructor"); }
__attribute__((destructor)) static void after_main(void) { puts("destructor"); }

static void on_abort(int number) {
  printf("handler of %d\n", number);
  fflush(stdout);
}

// All memory there is, in blocks of 64 KiB, twice: what was freed can be had again.
static int exhaust(void) {
  enum { kBlock = 65536 };
  size_t counts[2] = {0, 0};
  for (int round = 0; round < 2; ++round) {
    void** last = NULL;
    errno = 0;
    for (void** block; (block = malloc(kBlock)) != NULL; last = block) {
      *block = last;
      ++counts[round];
    }
    if (errno != ENOMEM) return 1;
    while (last != NULL) {
      void** next = *last;
      free(last);
      last = next;
    }
  }
  printf("%zu blocks, then %zu\n", counts[0], counts[1]);
  return counts[0] > 100 && counts[0] == counts[1] ? 0 : 2;
}

void exhaust_new(void);  // exhaust_new.cpp

int main(int argc, char** argv) {
  const char* way = argc > 1 ? argv[1] : "return";
  const int status = argc > 2 ? atoi(argv[2]) : 0;
  if (strcmp(way, "return") == 0) return status;
  if (strcmp(way, "exit") == 0) {
    atexit(first);
    atexit(second);
    printf("no end of line");
    exit(status);
  }
  if (strcmp(way, "_exit") == 0) {
    atexit(first);
    setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
    printf("never written\n");
    _exit(status);
  }
  if (strcmp(way, "buffered") == 0) {
    setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
    for (int i = 0; i < 1000; ++i) printf("line %d\n", i);
    return status;
  }
  if (strcmp(way, "abort") == 0) abort();
  if (strcmp(way, "handled-abort") == 0) {
    signal(SIGABRT, on_abort);
    abort();
  }
  if (strcmp(way, "assert") == 0) assert(argc == 77);
  if (strcmp(way, "raise") == 0) return raise(status);
  if (strcmp(way, "exhaust") == 0) return exhaust();
  if (strcmp(way, "new") == 0) exhaust_new();
  return 99;
}
