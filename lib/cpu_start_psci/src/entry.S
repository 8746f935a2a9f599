// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

/* Where PSCI starts a CPU: x0 is the physical address of its Handover (handover.hpp),
 * MMU and caches are off (Arm DEN 0022E, 6.4), the exception level is 1 or 2. */
	.section .text.atoll_cpu_start_entry, "ax", %progbits
	.balign	4
	.global	atoll_cpu_start_entry
	.hidden	atoll_cpu_start_entry
	.type	atoll_cpu_start_entry, %function
atoll_cpu_start_entry:
	msr	daifset, #15
	mov	x19, x0
	bl	atoll_arm64_drop_to_el1
	ldp	x0, x20, [x19]
	ldp	x21, x22, [x19, #16]
	ldp	x23, x24, [x19, #32]
	ldp	x25, x26, [x19, #48]
	ldr	x27, [x19, #64]
	bl	atoll_arm64_enable_mmu
	msr	tpidr_el1, xzr
	mov	x0, x20
	mov	x1, x21
	mov	x2, x22
	mov	x3, x23
	mov	x4, x24
	mov	x5, x25
	mov	x6, x26
	mov	x7, x27
	b	atoll_arm64_enter_kernel
	.size	atoll_cpu_start_entry, . - atoll_cpu_start_entry
