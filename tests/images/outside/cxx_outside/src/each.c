/* SPDX-License-Identifier: BSD-3-Clause */
/* Copyright (c) The Atoll authors */

#include <outside.h>

int outside_each(int count, int (*visit)(int value, void* closure), void* closure) {
  int sum = 0;
  for (int value = 1; value <= count; ++value) sum += visit(value, closure);
  return sum;
}
