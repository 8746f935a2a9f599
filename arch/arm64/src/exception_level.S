/* SPDX-License-Identifier: BSD-3-Clause */
/* Copyright (c) The Atoll authors */
#include "asm.inc"

	.equ	HCR_RW, 31			/* EL1 is AArch64 */
	.equ	HCR_E2H, 34
	.equ	HCR_APK_API, 40			/* pointer authentication does not trap */
	.equ	SPSR_EL1H_MASKED, 0x3c5		/* DAIF set, EL1 on SP_EL1 */
	.equ	SCTLR_EL1_RESET, 0x30d00800	/* MMU and caches off, RES1 bits set */

/* uint64_t atoll_arm64_drop_to_el1(void)
 * For the entry, with interrupts masked and no stack: returns at EL1 on SP_EL1,
 * MMU off, floating point on; the result is the exception level (1 or 2) that
 * it was called at. EL2 is left such that EL1 has timers, counters, floating
 * point and the GICv3 system registers without a trap (Linux
 * Documentation/arch/arm64/booting.rst asks firmware for what is left).
 * Clobbers x0..x3. */
function atoll_arm64_drop_to_el1
	mrs	x0, currentel
	lsr	x0, x0, #2
	cmp	x0, #2
	b.ne	3f

	mov	x1, #(1 << HCR_RW)
	orr	x1, x1, #(3 << HCR_APK_API)
	msr	hcr_el2, x1
	isb
	/* CNTHCTL_EL2.EL1PCTEN and EL1PCEN; where E2H cannot be cleared, they are
	 * ten bits higher, and floating point has another enable. */
	mrs	x1, hcr_el2
	mov	x2, #3
	mov	x3, #0x33ff			/* CPTR_EL2: RES1, nothing but SVE traps */
	tbz	x1, #HCR_E2H, 1f
	lsl	x2, x2, #10
	mov	x3, #(3 << 20)
1:	msr	cnthctl_el2, x2
	msr	cptr_el2, x3
	msr	cntvoff_el2, xzr
	msr	hstr_el2, xzr
	msr	vttbr_el2, xzr
	mrs	x1, midr_el1
	msr	vpidr_el2, x1
	mrs	x1, mpidr_el1
	msr	vmpidr_el2, x1

	/* MDCR_EL2: nothing traps, all event counters are EL1's. */
	mrs	x1, id_aa64dfr0_el1
	mov	x2, xzr
	ubfx	x3, x1, #8, #4			/* PMUVer; 15 is not the architecture's PMU */
	cbz	x3, 2f
	cmp	x3, #15
	b.eq	2f
	mrs	x2, pmcr_el0
	ubfx	x2, x2, #11, #5
2:	msr	mdcr_el2, x2

	/* Fine-grained traps (FEAT_FGT) and HCRX_EL2 (FEAT_HCX) off. */
	mrs	x1, id_aa64mmfr0_el1
	lsr	x1, x1, #56
	cbz	x1, 1f
	msr	s3_4_c1_c1_4, xzr		/* HFGRTR_EL2 */
	msr	s3_4_c1_c1_5, xzr		/* HFGWTR_EL2 */
	msr	s3_4_c1_c1_6, xzr		/* HFGITR_EL2 */
	msr	s3_4_c3_c1_4, xzr		/* HDFGRTR_EL2 */
	msr	s3_4_c3_c1_5, xzr		/* HDFGWTR_EL2 */
1:	mrs	x1, id_aa64mmfr1_el1
	ubfx	x1, x1, #40, #4
	cbz	x1, 1f
	msr	s3_4_c1_c2_2, xzr		/* HCRX_EL2 */

	/* The GICv3 CPU interface by system registers (IHI 0069 §12.2.20). */
1:	mrs	x1, id_aa64pfr0_el1
	ubfx	x1, x1, #24, #4
	cbz	x1, 1f
	mrs	x1, s3_4_c12_c9_5		/* ICC_SRE_EL2 */
	orr	x1, x1, #1			/* SRE */
	orr	x1, x1, #8			/* Enable */
	msr	s3_4_c12_c9_5, x1
	isb
	mrs	x1, s3_4_c12_c9_5
	tbz	x1, #0, 1f			/* a GICv2 behind this CPU */
	msr	s3_4_c12_c11_0, xzr		/* ICH_HCR_EL2 */

1:	mov	x1, #SPSR_EL1H_MASKED
	msr	spsr_el2, x1
	adr	x1, 3f
	msr	elr_el2, x1
	ldr	w1, =SCTLR_EL1_RESET
	msr	sctlr_el1, x1
	isb
	eret

3:	mov	x1, #(3 << 20)			/* CPACR_EL1.FPEN */
	msr	cpacr_el1, x1
	msr	mdscr_el1, xzr
	isb
	ret
	.ltorg
end_function atoll_arm64_drop_to_el1
