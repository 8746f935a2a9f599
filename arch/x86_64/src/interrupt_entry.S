// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Interrupts enter on the interrupt stack, with further ones masked. A stub
// pushes its vector less 128, which fits a signed byte; the common part makes a
// TrapFrame of it and calls atoll_x86_interrupt(frame).
//
// The stubs of the vectors 32..255 are ATOLL_INTERRUPT_STUB bytes each, in groups that
// end in 8 bytes with the way to the common part; interrupt_gates.cpp counts on it.

#include "entry_stubs.inc"
#include "trap_frame.inc"

	.section .text.atoll_x86_interrupt_stubs, "ax", @progbits
	.globl	atoll_x86_interrupt_stubs
	.hidden	atoll_x86_interrupt_stubs
	.type	atoll_x86_interrupt_stubs, @function
	.balign	8, 0xcc
atoll_x86_interrupt_stubs:
	.set	vector, 32
	.rept	224 / ATOLL_INTERRUPT_GROUP
	.rept	ATOLL_INTERRUPT_GROUP
	ATOLL_LANDING_PAD
	push	$(vector - 128)
	jmp	1f
	.set	vector, vector + 1
	.endr
1:	jmp	.Lcommon
	.balign	8, 0xcc
	.endr
	.cfi_sections .debug_frame
	.cfi_startproc
	describe_trap_frame
.Lcommon:
	push	(%rsp)
	addq	$128, (%rsp)
	movq	$0, 8(%rsp)
	save_registers
	mov	%rsp, %rdi
	link_frame
	.cfi_adjust_cfa_offset 16
	call	atoll_x86_interrupt
	add	$16, %rsp
	jmp	atoll_x86_return
	.cfi_endproc
	.size	atoll_x86_interrupt_stubs, . - atoll_x86_interrupt_stubs

	.section .note.GNU-stack, "", @progbits
