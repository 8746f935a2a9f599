/* SPDX-License-Identifier: BSD-3-Clause */
/* Copyright (c) The Atoll authors */
#include "asm.inc"
#include "trap_frame.inc"

	.equ	SIMD_SIZE, 528		/* q0..q31, FPCR, FPSR */
	.equ	SIMD_CONTROL, 512

/* Where an interrupt returns to after call_before_resume(): on the thread's stack, with
 * interrupts masked, the TrapFrame of what was interrupted at sp, the function to call
 * in x19. The SIMD registers are saved here and not by the entry: the kernel's own code
 * does not touch them. */
	.arch_extension simd
	.cfi_sections .debug_frame
function atoll_arm64_before_resume
	.cfi_startproc
	describe_trap_frame
	hint	#34			/* bti c, as everywhere that a pointer leads to */
	link_frame
	sub	sp, sp, #SIMD_SIZE
	.cfi_adjust_cfa_offset SIMD_SIZE
	stp	q0, q1, [sp, #0]
	stp	q2, q3, [sp, #32]
	stp	q4, q5, [sp, #64]
	stp	q6, q7, [sp, #96]
	stp	q8, q9, [sp, #128]
	stp	q10, q11, [sp, #160]
	stp	q12, q13, [sp, #192]
	stp	q14, q15, [sp, #224]
	stp	q16, q17, [sp, #256]
	stp	q18, q19, [sp, #288]
	stp	q20, q21, [sp, #320]
	stp	q22, q23, [sp, #352]
	stp	q24, q25, [sp, #384]
	stp	q26, q27, [sp, #416]
	stp	q28, q29, [sp, #448]
	stp	q30, q31, [sp, #480]
	mrs	x0, fpcr
	mrs	x1, fpsr
	str	x0, [sp, #SIMD_CONTROL]
	str	x1, [sp, #SIMD_CONTROL + 8]
	blr	x19
	ldr	x0, [sp, #SIMD_CONTROL]
	ldr	x1, [sp, #SIMD_CONTROL + 8]
	msr	fpcr, x0
	msr	fpsr, x1
	ldp	q0, q1, [sp, #0]
	ldp	q2, q3, [sp, #32]
	ldp	q4, q5, [sp, #64]
	ldp	q6, q7, [sp, #96]
	ldp	q8, q9, [sp, #128]
	ldp	q10, q11, [sp, #160]
	ldp	q12, q13, [sp, #192]
	ldp	q14, q15, [sp, #224]
	ldp	q16, q17, [sp, #256]
	ldp	q18, q19, [sp, #288]
	ldp	q20, q21, [sp, #320]
	ldp	q22, q23, [sp, #352]
	ldp	q24, q25, [sp, #384]
	ldp	q26, q27, [sp, #416]
	ldp	q28, q29, [sp, #448]
	ldp	q30, q31, [sp, #480]
	add	sp, sp, #SIMD_SIZE + 16
	.cfi_adjust_cfa_offset -(SIMD_SIZE + 16)

	/* Nothing faults between here and the return: the frame has just been read. */
	ldp	x2, x3, [sp, #FRAME_PC]
	ldr	x30, [sp, #FRAME_LINK]
	msr	elr_el1, x2
	msr	spsr_el1, x3
	return_from_frame
	.cfi_endproc
end_function atoll_arm64_before_resume
