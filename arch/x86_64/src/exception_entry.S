// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Exceptions enter on an IST stack with interrupts masked. Each stub leaves an
// error code (0 where the CPU pushes none: Intel SDM 3A §6.15) and its vector;
// the common part completes a TrapFrame and calls atoll_x86_exception(frame,
// whether its stack overflowed).
//
// The stubs lie ATOLL_EXCEPTION_STUB bytes apart, in two groups of 16 with as much
// between them, so that each reaches its end by a short jump where they are short;
// idt.cpp counts on it.

#include "entry_stubs.inc"
#include "trap_frame.inc"

	.equ	FRAME_RSP, 160			// TrapFrame
	.equ	TABLES_IST_1, 44		// CpuTables: task_state.ist[1], ist[2]
	.equ	TABLES_DOUBLE_FAULT, 52
	.equ	TABLES_EXCEPTION_STACK, 144
	.equ	EXCEPTION_SLOT, 4096		// kExceptionStackSlot
	.equ	EXCEPTION_STACK_BYTES, 8192	// kExceptionStackPages

	.macro exception vector, tail
	.balign	ATOLL_EXCEPTION_STUB, 0xcc
	ATOLL_LANDING_PAD
	.if	!(\vector == 8 || (\vector >= 10 && \vector <= 14) || \vector == 17 || \vector == 21 || \vector == 29 || \vector == 30)
	push	$0
	.endif
	push	$\vector
	jmp	\tail
	.endm

	.section .text.atoll_x86_exception_stubs, "ax", @progbits
	.globl	atoll_x86_exception_stubs
	.hidden	atoll_x86_exception_stubs
	.type	atoll_x86_exception_stubs, @function
	.balign	ATOLL_EXCEPTION_STUB, 0xcc
atoll_x86_exception_stubs:
	.set	vector, 0
	.rept	16
	exception vector, .Lfirst_group
	.set	vector, vector + 1
	.endr
	.balign	ATOLL_EXCEPTION_STUB, 0xcc
.Lfirst_group:
	jmp	.Lcommon
	.rept	16
	exception vector, .Lcommon
	.set	vector, vector + 1
	.endr
	.balign	ATOLL_EXCEPTION_STUB, 0xcc
	.cfi_sections .debug_frame
	.cfi_startproc
	describe_trap_frame
.Lcommon:
	save_registers
	mov	%rsp, %r12
	.cfi_def_cfa r12, 176
	mov	%rsp, %rdi
	// A handler of exceptions that needs more than its slot is interrupted below
	// the frame that the CPU then writes, in the same stack or its guard page. So
	// as not to run over it, the report of that runs on the stack of double faults.
	mov	%gs:16, %rbx			// CpuTables
	xor	%esi, %esi
	cmp	TABLES_EXCEPTION_STACK(%rbx), %rdi
	ja	1f
	mov	FRAME_RSP(%rdi), %rax
	cmp	%rdi, %rax
	jae	1f
	neg	%rax
	add	TABLES_EXCEPTION_STACK(%rbx), %rax
	cmp	$EXCEPTION_STACK_BYTES + 4096, %rax
	ja	1f
	inc	%esi
	mov	TABLES_DOUBLE_FAULT(%rbx), %rsp
	// The next exception, if the handler causes one, starts below this one.
1:	subq	$EXCEPTION_SLOT, TABLES_IST_1(%rbx)
	link_frame
	call	atoll_x86_exception
	addq	$EXCEPTION_SLOT, TABLES_IST_1(%rbx)
	mov	%r12, %rsp
	jmp	atoll_x86_return
	.cfi_endproc
	.size	atoll_x86_exception_stubs, . - atoll_x86_exception_stubs

// Loads the registers of the TrapFrame at rsp and continues there.
	.section .text.atoll_x86_return, "ax", @progbits
	.globl	atoll_x86_return
	.hidden	atoll_x86_return
	.type	atoll_x86_return, @function
atoll_x86_return:
	restore_registers
	add	$16, %rsp
	iretq
	.size	atoll_x86_return, . - atoll_x86_return

	.section .note.GNU-stack, "", @progbits
