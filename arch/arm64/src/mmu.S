/* SPDX-License-Identifier: BSD-3-Clause */
/* Copyright (c) The Atoll authors */
#include "asm.inc"

	.equ	MEMORY_ATTRIBUTES, 0x04ff	/* PageTableEntry::kMemoryAttributes */

	/* TCR_EL1 (Arm ARM D19.2.138): both halves 48 bits, 4-KiB granule, walks
	 * cached write-back and inner shareable. */
	.equ	TCR_BASE, 0xb5103510
	.equ	TCR_EPD0, 1 << 7
	.equ	TCR_EPD1, 1 << 23
	.equ	TCR_IPS, 32
	.equ	LARGEST_IPS, 5			/* 48 bits, what a descriptor holds */

	/* SCTLR_EL1: RES1 bits, and SPAN so that PSTATE.PAN stays as it is. */
	.equ	SCTLR_BASE, 0x30d00800
	.equ	SCTLR_M, 1 << 0
	.equ	SCTLR_C, 1 << 2
	.equ	SCTLR_SA, 1 << 3		/* a misaligned SP faults */
	.equ	SCTLR_I, 1 << 12
	.equ	SCTLR_WXN, 1 << 19		/* what is writable is not executable */
	.equ	SCTLR_ON, SCTLR_BASE | SCTLR_M | SCTLR_C | SCTLR_SA | SCTLR_I

/* void atoll_arm64_forget_cache(uint64_t start, uint64_t end)
 * Invalidates the data cache over [start, end), multiples of 256, to the point
 * of coherency: before and after memory is written with the MMU off, lest an old
 * line hide it or overwrite it. Clobbers x0, x2, x3. No stack. */
function atoll_arm64_forget_cache
	mrs	x2, ctr_el0
	ubfx	x2, x2, #16, #4			/* DminLine, log2 of words */
	cmp	x2, #4
	b.ne	2f
1:	dc	ivac, x0			/* the usual 64 bytes */
	add	x0, x0, #64
	dc	ivac, x0
	add	x0, x0, #64
	dc	ivac, x0
	add	x0, x0, #64
	dc	ivac, x0
	add	x0, x0, #64
	cmp	x0, x1
	b.lo	1b
	dsb	sy
	ret
2:	mov	x3, #4
	lsl	x2, x3, x2
3:	dc	ivac, x0
	add	x0, x0, x2
	cmp	x0, x1
	b.lo	3b
	dsb	sy
	ret
end_function atoll_arm64_forget_cache

/* void atoll_arm64_clear(uint64_t start, uint64_t end)
 * Zeros [start, end), which is not empty, multiples of 256: by DC ZVA where its
 * block has the usual 64 bytes (Arm ARM C5.3.15). MMU on. No stack. Clobbers
 * x0, x2. */
function atoll_arm64_clear
	mrs	x2, dczid_el0
	cmp	x2, #4				/* DZP clear, 2^4 words */
	b.ne	2f
1:	dc	zva, x0
	add	x0, x0, #64
	dc	zva, x0
	add	x0, x0, #64
	dc	zva, x0
	add	x0, x0, #64
	dc	zva, x0
	add	x0, x0, #64
	cmp	x0, x1
	b.lo	1b
	ret
2:	stp	xzr, xzr, [x0], #16
	stp	xzr, xzr, [x0], #16
	stp	xzr, xzr, [x0], #16
	stp	xzr, xzr, [x0], #16
	cmp	x0, x1
	b.lo	2b
	ret
end_function atoll_arm64_clear

/* void atoll_arm64_enable_mmu(uint64_t identity_root)
 * Turns on MMU and caches with the lower half walked from identity_root, which
 * maps this code where it runs; the upper half is not walked. No stack.
 * Clobbers x0..x3. */
function atoll_arm64_enable_mmu
	mov	x1, #MEMORY_ATTRIBUTES
	msr	mair_el1, x1
	ldr	x1, =(TCR_BASE | TCR_EPD1)
	mrs	x2, id_aa64mmfr0_el1
	and	x2, x2, #15			/* PARange, coded like IPS */
	mov	x3, #LARGEST_IPS
	cmp	x2, x3
	csel	x2, x2, x3, lo
	bfi	x1, x2, #TCR_IPS, #3
	msr	tcr_el1, x1
	msr	ttbr0_el1, x0
	isb
	tlbi	vmalle1
	dsb	nsh
	isb
	ldr	w1, =SCTLR_ON
	msr	sctlr_el1, x1
	isb
	ret
	.ltorg
end_function atoll_arm64_enable_mmu

/* [[noreturn]] void atoll_arm64_enter_kernel(uint64_t root, uint64_t delta,
 *                                            uint64_t stack_top, uint64_t entry,
 *                                            uint64_t key_low, uint64_t key_high,
 *                                            uint64_t exception_stack, uint64_t argument)
 * From the identity map into the kernel's half: walks it from root, continues
 * delta bytes higher, ends the identity map for good, moves exceptions to the
 * vectors and the CPU's exception stack there, exception_stack bytes behind the first,
 * and calls entry(argument) on SP_EL0 = stack_top with SErrors unmasked. The key signs
 * return addresses, where the image and the CPU have that. */
function atoll_arm64_enter_kernel
	dsb	ish
	mov	x16, x3
	msr	ttbr1_el1, x0
	mrs	x8, tcr_el1
	bic	x8, x8, #TCR_EPD1
	msr	tcr_el1, x8
	isb
	mov	x0, x4
	adr	x9, 1f
	add	x9, x9, x1
	mov	x1, x5
	br	x9
1:	hint	#36				/* bti j */
	orr	x8, x8, #TCR_EPD0
	msr	tcr_el1, x8
	msr	ttbr0_el1, xzr
	mrs	x3, sctlr_el1
	orr	x3, x3, #SCTLR_WXN
	msr	sctlr_el1, x3
	isb
	tlbi	vmalle1
	dsb	nsh
	isb
	address	x4, atoll_arm64_vectors
	msr	vbar_el1, x4
	address	x4, atoll_arm64_exception_stacks
	add	x4, x4, x6
	add	sp, x4, #0x4000			/* sizeof(ExceptionStack) */
	msr	spsel, #0
	mov	sp, x2
	isb
	msr	daifclr, #4
	bl	atoll_arm64_protect_control_flow
	mov	x0, x7
	mov	x29, xzr
	mov	x30, xzr
	br	x16				/* as a call does: x16 may end at bti c */
end_function atoll_arm64_enter_kernel

/* Copies 32 bytes after the other, the last ones first, from where \source ends to
 * where \target ends, until that is \start. Clobbers x7..x10. */
.macro copy_up source, target, start
1:	cmp	\target, \start
	b.ls	2f
	ldp	x7, x8, [\source, #-16]!
	ldp	x9, x10, [\source, #-16]!
	stp	x7, x8, [\target, #-16]!
	stp	x9, x10, [\target, #-16]!
	b	1b
2:
.endm

/* void atoll_arm64_unpack(void)
 * Copies the image's data and then its constants, which end in the packed
 * relocations, from where they lie in the flat file, right behind the code, up to
 * the pages that they are linked for, and clears what is left of them behind the
 * code. MMU on. No stack. Clobbers x0..x10. */
function atoll_arm64_unpack
	address	x0, __code_end
	address	x1, __rodata_start
	address	x2, __rela_start
	sub	x2, x2, x1			/* bytes before the table */
	ldr	x3, [x0, x2]			/* bytes of the table */
	add	x2, x2, x3
	add	x2, x2, #(8 + 31)
	and	x2, x2, #~31			/* x2: bytes of constants */
	add	x3, x0, x2
	address	x4, __data_start
	address	x5, __data_end
	sub	x6, x5, x4
	add	x6, x3, x6
	copy_up	x6, x5, x4
	add	x5, x1, x2
	copy_up	x3, x5, x1
3:	cmp	x0, x1
	b.hs	4f
	stp	xzr, xzr, [x0], #16
	stp	xzr, xzr, [x0], #16
	b	3b
4:	ret
end_function atoll_arm64_unpack

/* void atoll_arm64_relocate(uint64_t image, uint64_t delta)
 * Adds delta to every word of the image that holds an address; the image lies at
 * `image`, and was linked for, or relocated to, delta bytes less. The table is
 * SHT_RELR's (support/atoll/flat_image.py). Clobbers x2..x7. */
function atoll_arm64_relocate
	address	x2, __rela_start
	ldr	x3, [x2], #8
	add	x3, x3, x2
1:	cmp	x2, x3
	b.hs	5f
	ldr	x4, [x2], #8
	tbnz	x4, #0, 2f
	add	x5, x0, x4			/* an address, and what follows from it */
	ldr	x6, [x5]
	add	x6, x6, x1
	str	x6, [x5], #8
	b	1b
2:	lsr	x4, x4, #1			/* a bitmap of the 63 words from there on */
	cbz	x4, 4f
3:	rbit	x6, x4				/* its lowest bit */
	clz	x6, x6
	ldr	x7, [x5, x6, lsl #3]
	add	x7, x7, x1
	str	x7, [x5, x6, lsl #3]
	sub	x7, x4, #1
	ands	x4, x4, x7
	b.ne	3b
4:	add	x5, x5, #(63 * 8)
	b	1b
5:	ret
end_function atoll_arm64_relocate
