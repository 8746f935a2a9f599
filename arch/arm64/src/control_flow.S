/* SPDX-License-Identifier: BSD-3-Clause */
/* Copyright (c) The Atoll authors */
#include "asm.inc"

	.equ	SCTLR_ENIA, 1 << 31		/* key A signs return addresses */

/* void atoll_arm64_protect_control_flow(uint64_t low, uint64_t high)
 * Return addresses are signed from here on, by the key given, where the CPU can
 * (FEAT_PAuth: Arm ARM D19.2.62, D19.2.63). So the caller's own must not have been,
 * and nothing is returned to that was called before.
 *
 * Branch targets need nothing switched on: a guarded page is one by its entry in
 * the page table (PageTableEntry). Clobbers x2..x4. No stack. */
function atoll_arm64_protect_control_flow
	mrs	x2, id_aa64isar1_el1
	tst	x2, #0xff0			/* APA, API */
	b.ne	1f
	mrs	x2, s3_0_c0_c6_2		/* ID_AA64ISAR2_EL1 */
	tst	x2, #0xf000			/* APA3 */
	b.eq	2f
1:	msr	s3_0_c2_c1_0, x0		/* APIAKeyLo_EL1 */
	msr	s3_0_c2_c1_1, x1		/* APIAKeyHi_EL1 */
	mrs	x3, sctlr_el1
	mov	x4, #SCTLR_ENIA
	orr	x3, x3, x4
	msr	sctlr_el1, x3
	isb
2:	ret
end_function atoll_arm64_protect_control_flow
