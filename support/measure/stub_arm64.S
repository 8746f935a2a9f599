// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
//
// The empty kernel: prints "hi" and ends. What a boot costs above it is ours.
// Linux arm64 Image header (Documentation/arch/arm64/booting.rst); the UART and
// the PSCI conduit are those of QEMU's virt machine.
        .text
        .globl _start
_start: b       1f
        .long   0
        .quad   0                       // text_offset
        .quad   0x1000                  // image_size
        .quad   0xa                     // flags: 4K pages, anywhere
        .quad   0, 0, 0
        .ascii  "ARM\x64"
        .long   0
1:      mov     x1, #0x09000000
        mov     w2, #'h'
        str     w2, [x1]
        mov     w2, #'i'
        str     w2, [x1]
        mov     w2, #'\n'
        str     w2, [x1]
        ldr     w0, =0x84000008         // PSCI SYSTEM_OFF (Arm DEN0022, 5.1.9)
        hvc     #0
2:      b       2b
