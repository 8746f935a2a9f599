// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

/// Writes below the stack pointer, lets `event` happen, and reads it back.
#define ATOLL_RED_ZONE_SURVIVES(event)                                             \
  ({                                                                               \
    std::uint64_t bad = 0;                                                         \
    asm volatile("movq $0x1111, -8(%%rsp)\n\tmovq $0x2222, -128(%%rsp)\n\t" event  \
                 "\n\t"                                                            \
                 "movq -8(%%rsp), %0\n\txorq $0x1111, %0\n\t"                      \
                 "movq -128(%%rsp), %%rax\n\txorq $0x2222, %%rax\n\torq %%rax, %0" \
                 : "=&r"(bad)::"rax", "memory", "cc");                             \
    bad == 0;                                                                      \
  })
