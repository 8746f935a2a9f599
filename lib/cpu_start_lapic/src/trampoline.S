// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Where a startup message sends a CPU: 16-bit mode at the first byte of a page below
// 1 MiB, CS its number times 256 (Intel SDM 3A §8.4.4.1). This is copied to such a page,
// behind the jump the Trampoline of trampoline.hpp filled in; from here to 64-bit mode
// (§9.8.5) and to its entry.

	.section .rodata.atoll_cpu_trampoline, "a", @progbits
	.globl	atoll_cpu_trampoline, atoll_cpu_trampoline_end
	.hidden	atoll_cpu_trampoline, atoll_cpu_trampoline_end
	.balign	8
	.code16
atoll_cpu_trampoline:
.Lstart:
	jmp	.Lreal
	.balign	8
.Lroot:
	.quad	0
.Lstack:
	.quad	0
.Lentry:
	.quad	0
.Largument:
	.quad	0
.Lgdt:
	.quad	0
	.quad	0x00cf9b000000ffff	// 8: 32-bit code
	.quad	0x00cf93000000ffff	// 16: data
	.quad	0x00af9b000000ffff	// 24: 64-bit code
.Lgdt_register:
	.word	. - .Lgdt - 1
	.long	0
.Lfar_pointer:
	.long	0
	.word	0

.Lreal:
	cli
	cld
	xor	%ebp, %ebp		// the page's address
	mov	%cs, %bp
	mov	%bp, %ds
	shl	$4, %ebp
	lea	(.Lgdt - .Lstart)(%ebp), %eax
	mov	%eax, .Lgdt_register - .Lstart + 2
	lea	(.Lprotected - .Lstart)(%ebp), %eax
	mov	%eax, .Lfar_pointer - .Lstart
	movw	$8, .Lfar_pointer - .Lstart + 4
	lgdtl	.Lgdt_register - .Lstart
	mov	%cr0, %eax
	and	$0x9fffffff, %eax	// caches on: after a reset they are not (§9.3)
	or	$1, %eax
	mov	%eax, %cr0
	ljmpl	*(.Lfar_pointer - .Lstart)

	.code32
.Lprotected:
	mov	$16, %eax
	mov	%eax, %ds
	mov	%eax, %ss
	mov	%cr4, %eax
	bts	$5, %eax		// PAE
	mov	%eax, %cr4
	mov	(.Lroot - .Lstart)(%ebp), %eax
	mov	%eax, %cr3
	mov	$0xc0000080, %ecx
	rdmsr
	bts	$8, %eax		// LME
	bts	$11, %eax		// NXE: the tables use it
	wrmsr
	// With paging on, this page cannot be written.
	lea	(.Llong - .Lstart)(%ebp), %eax
	mov	%eax, (.Lfar_pointer - .Lstart)(%ebp)
	movw	$24, (.Lfar_pointer - .Lstart + 4)(%ebp)
	mov	%cr0, %eax
	or	$0x80010000, %eax	// PG, WP
	mov	%eax, %cr0
	ljmpl	*(.Lfar_pointer - .Lstart)(%ebp)

	.code64
.Llong:
	xor	%eax, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	mov	%eax, %fs
	mov	%eax, %gs
	fninit
	mov	(.Lstack - .Lstart)(%rbp), %rsp
	mov	(.Largument - .Lstart)(%rbp), %rdi
	mov	(.Lentry - .Lstart)(%rbp), %rax
	xor	%ebp, %ebp
	call	*%rax
	ud2
atoll_cpu_trampoline_end:

	.section .note.GNU-stack, "", @progbits
