// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char** argv) {
  printf("Hello, world!\n");
  for (int i = 1; i < argc; ++i) printf("argument %d: %s\n", i, argv[i]);
  const char* status = getenv("STATUS");
  return status ? atoi(status) : 0;
}
