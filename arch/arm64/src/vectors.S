/* SPDX-License-Identifier: BSD-3-Clause */
/* Copyright (c) The Atoll authors */
#include "asm.inc"
#include "trap_frame.inc"

	.equ	STACK_BIT, 13		/* ExceptionStack */
	.equ	OVERFLOW_SIZE, 0x1000
	.equ	CPU_LOCAL_ARCH, 16	/* CpuLocal::arch, the CPU's ExceptionStack */

	/* VectorKind in trap.cpp */
	.equ	KIND_SYNCHRONOUS, 0
	.equ	KIND_INTERRUPT, 1
	.equ	KIND_SYSTEM_ERROR, 2
	.equ	KIND_OVERFLOW, 3

/* From a thread, which runs on SP_EL0: the exception stack is empty. */
.macro from_thread kind
	.balign	128
	sub	sp, sp, #FRAME_SIZE
	stp	x0, x1, [sp]
	mrs	x1, sp_el0
	mov	x0, #\kind
	b	save
.endm

/* From a handler, on the exception stack: it may have overflowed. The test
 * needs a register, and there is none to spare before there is a frame: x0 and
 * sp exchange their contents by addition and subtraction. */
.macro from_handler kind
	.balign	128
	sub	sp, sp, #FRAME_SIZE
	add	sp, sp, x0		/* sp = frame + x0 */
	sub	x0, sp, x0		/* x0 = frame */
	tbz	x0, #STACK_BIT, overflow
	sub	x0, sp, x0		/* x0 = x0 */
	sub	sp, sp, x0		/* sp = frame */
	stp	x0, x1, [sp]
	add	x1, sp, #FRAME_SIZE
	mov	x0, #\kind
	b	save
.endm

/* The exception vectors (Arm ARM D1.3.6). The upper half of the table serves
 * lower exception levels; nothing runs there, so the code below uses its room.
 * Fast interrupts are never unmasked. */
	.section .text.atoll_arm64_vectors, "ax", %progbits
	.balign	2048
	.global	atoll_arm64_vectors
	.hidden	atoll_arm64_vectors
atoll_arm64_vectors:
	from_thread	KIND_SYNCHRONOUS
	from_thread	KIND_INTERRUPT
	from_thread	KIND_SYSTEM_ERROR
	from_thread	KIND_SYSTEM_ERROR
	from_handler	KIND_SYNCHRONOUS
	from_handler	KIND_INTERRUPT
	from_handler	KIND_SYSTEM_ERROR
	from_handler	KIND_SYSTEM_ERROR
	.balign	128

/* x0: kind; x1: sp of the interrupted code; frame at sp with x0 and x1 in it. */
	.cfi_sections .debug_frame
	.cfi_startproc
	describe_trap_frame		/* true from the call on */
save:
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x19, [sp, #144]
	stp	x20, x21, [sp, #160]
	stp	x22, x23, [sp, #176]
	stp	x24, x25, [sp, #192]
	stp	x26, x27, [sp, #208]
	stp	x28, x29, [sp, #224]
	stp	x30, x1, [sp, #FRAME_LINK]
	mrs	x2, elr_el1
	mrs	x3, spsr_el1
	stp	x2, x3, [sp, #FRAME_PC]
	mrs	x2, esr_el1
	mrs	x3, far_el1
	stp	x2, x3, [sp, #FRAME_ESR]
	mov	x1, sp
	link_frame
	bl	atoll_arm64_exception

	mov	sp, x0
	ldp	x2, x3, [sp, #FRAME_PC]
	ldp	x30, x1, [sp, #FRAME_LINK]
	/* Only where SPSR.M says that SP_EL0 was in use is it ours to load. */
	tbnz	x3, #0, 1f
	msr	sp_el0, x1
1:	msr	elr_el1, x2
	msr	spsr_el1, x3
	return_from_frame
	.cfi_endproc

/* The exception stack is used up: x0 = where the frame would lie, sp = that
 * plus the interrupted x0. TPIDRRO_EL0 is nobody's and holds x0 meanwhile. */
overflow:
	sub	x0, sp, x0
	msr	tpidrro_el0, x0
	sub	sp, sp, x0
	mrs	x0, tpidr_el1
	cbnz	x0, 2f
	adrp	x0, atoll_arm64_exception_stacks
	b	3f
2:	ldr	x0, [x0, #CPU_LOCAL_ARCH]
3:	add	x0, x0, #OVERFLOW_SIZE
	add	sp, sp, x0		/* exchange sp and x0 */
	sub	x0, sp, x0
	sub	sp, sp, x0
	sub	sp, sp, #FRAME_SIZE
	str	x1, [sp, #8]
	add	x1, x0, #FRAME_SIZE
	mrs	x0, tpidrro_el0
	str	x0, [sp]
	mov	x0, #KIND_OVERFLOW
	b	save
	.size	atoll_arm64_vectors, . - atoll_arm64_vectors
