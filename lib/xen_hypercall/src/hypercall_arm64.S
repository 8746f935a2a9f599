/* SPDX-License-Identifier: BSD-3-Clause */
/* Copyright (c) The Atoll authors */

/* long atoll_xen_hypercall(a (x0), b (x1), c (x2), d (x3), number (w4))
 *
 * Xen takes the number in x16 and the arguments in x0 to x3, answers in x0 and
 * changes none of the other registers but x16 (xen/include/public/arch-arm.h). */
	.text
	.balign	4
	.globl	atoll_xen_hypercall
	.hidden	atoll_xen_hypercall
	.type	atoll_xen_hypercall, %function
atoll_xen_hypercall:
	mov	w16, w4
	hvc	#0xea1
	ret
	.size	atoll_xen_hypercall, . - atoll_xen_hypercall
