/* SPDX-License-Identifier: BSD-3-Clause */
/* Copyright (c) The Atoll authors */

/* Where the Image header, which image.ld writes, jumps to: x0 is the device
 * tree, the MMU is off, EL1 or EL2 (Linux Documentation/arch/arm64/booting.rst).
 *
 * From here to atoll_boot_arm64_enter() there is no C++ but the identity map's,
 * since data is uncached and the image not relocated. */
	.section .text.atoll_entry, "ax", %progbits
	.balign	4
	.global	atoll_boot_arm64_entry
	.hidden	atoll_boot_arm64_entry
	.type	atoll_boot_arm64_entry, %function

	.equ	EXCEPTION_STACK_SIZE, 0x4000	/* sizeof(ExceptionStack) */
	.equ	EARLY_STACK_USE, 512		/* what the identity map's code may use */

atoll_boot_arm64_entry:
	msr	daifset, #15
	mov	x19, x0				/* x19: device tree */
	bl	atoll_arm64_drop_to_el1
	mov	x20, x0				/* x20: exception level of the loader */

	/* The entry runs on the exception stack. */
	adrp	x21, atoll_arm64_exception_stacks
	add	x21, x21, #EXCEPTION_STACK_SIZE
	mov	sp, x21
	mov	x29, xzr
	mov	x30, xzr

	/* What is written before the caches are on must not meet old lines. */
	sub	x0, x21, #EARLY_STACK_USE
	mov	x1, x21
	bl	atoll_arm64_forget_cache
	adrp	x22, __boot_identity_root	/* x22: the identity map's root, its last page */
	mov	x0, x19
	bl	atoll_boot_arm64_identity
	mov	x23, x0				/* x23: the first page of its tables */
	add	x1, x22, #4096
	bl	atoll_arm64_forget_cache
	mov	x0, x22
	mov	sp, x21				/* empty: no old line can hide anything */
	bl	atoll_arm64_enable_mmu

	/* The loader need not have zeroed what is not in the file. */
	bl	atoll_arm64_unpack
	adrp	x0, __bss_start
	add	x0, x0, :lo12:__bss_start
	adrp	x1, __bss_end
	add	x1, x1, :lo12:__bss_end
	bl	atoll_arm64_clear

	/* For the time being the image runs where it lies. */
	adrp	x0, __image_start
	mov	x1, x0
	bl	atoll_arm64_relocate

	msr	tpidr_el1, xzr			/* exceptions are the entry's */
	adrp	x1, atoll_arm64_vectors
	add	x1, x1, :lo12:atoll_arm64_vectors
	msr	vbar_el1, x1
	isb

	mov	x0, x19
	mov	x1, x20
	mov	x2, x22
	mov	x3, x23
	bl	atoll_boot_arm64_enter
	brk	#0
	.size	atoll_boot_arm64_entry, . - atoll_boot_arm64_entry
