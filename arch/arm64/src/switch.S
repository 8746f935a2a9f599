/* SPDX-License-Identifier: BSD-3-Clause */
/* Copyright (c) The Atoll authors */
#include "asm.inc"

	.equ	CONTEXT_SIZE, 192

/* void atoll_arm64_switch(uintptr_t* save_sp, uintptr_t sp)
 * Stores what a call preserves on the stack, its address in *save_sp, and
 * continues what lies at sp. Layout: context.cpp. */
function atoll_arm64_switch
	sub	sp, sp, #CONTEXT_SIZE
	stp	x19, x20, [sp, #0]
	stp	x21, x22, [sp, #16]
	stp	x23, x24, [sp, #32]
	stp	x25, x26, [sp, #48]
	stp	x27, x28, [sp, #64]
	stp	x29, x30, [sp, #80]
	stp	d8, d9, [sp, #96]
	stp	d10, d11, [sp, #112]
	stp	d12, d13, [sp, #128]
	stp	d14, d15, [sp, #144]
	mrs	x2, fpcr
	mrs	x3, fpsr
	mrs	x4, tpidr_el0
	stp	x2, x3, [sp, #160]
	str	x4, [sp, #176]
	mov	x9, sp
	str	x9, [x0]
	mov	sp, x1
	ldp	x5, x6, [sp, #160]
	ldr	x4, [sp, #176]
	msr	tpidr_el0, x4
	/* Writing FPCR can stall the pipeline; nearly all threads share one. */
	cmp	x5, x2
	b.eq	1f
	msr	fpcr, x5
1:	msr	fpsr, x6
	ldp	x19, x20, [sp, #0]
	ldp	x21, x22, [sp, #16]
	ldp	x23, x24, [sp, #32]
	ldp	x25, x26, [sp, #48]
	ldp	x27, x28, [sp, #64]
	ldp	x29, x30, [sp, #80]
	ldp	d8, d9, [sp, #96]
	ldp	d10, d11, [sp, #112]
	ldp	d12, d13, [sp, #128]
	ldp	d14, d15, [sp, #144]
	add	sp, sp, #CONTEXT_SIZE
	ret
end_function atoll_arm64_switch

/* Where a new context starts: entry in x19, its argument in x20. */
function atoll_arm64_start_context
	.cfi_sections .debug_frame
	.cfi_startproc
	.cfi_undefined 30		/* a backtrace ends here */
	hint	#34			/* bti c, as everywhere that a pointer leads to */
	mov	x0, x20
	blr	x19
	brk	#0
	.cfi_endproc
end_function atoll_arm64_start_context
