// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
//
// The empty kernel: prints "hi" and ends. What a boot costs above it is ours.
// ELF note XEN_ELFNOTE_PHYS32_ENTRY (xen/include/public/elfnote.h): 32-bit entry.
        .section .note.Xen, "a", @note
        .balign 4
        .long 4, 4, 18
        .asciz "Xen"
        .long _start

        .text
        .code32
        .globl _start
_start: mov     $0x3f8, %dx
        mov     $'h', %al
        outb    %al, %dx
        mov     $'i', %al
        outb    %al, %dx
        mov     $'\n', %al
        outb    %al, %dx
        lidt    nothing                 // no vectors: the next interrupt is a
        int3                            // triple fault, which ends QEMU with -no-reboot
nothing:
        .long   0, 0
