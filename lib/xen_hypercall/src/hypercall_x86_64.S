/* SPDX-License-Identifier: BSD-3-Clause */
/* Copyright (c) The Atoll authors */

/* long atoll_xen_hypercall(a (rdi), b (rsi), c (rdx), d (rcx), number (r8d))
 *
 * Xen takes the number in eax and arguments in rdi, rsi, rdx, r10, and answers in
 * rax (xen/docs/guest-guide/x86/hypercall-abi.rst). The instruction is that of the
 * CPU's vendor: no page that Xen fills in with code is needed. */
	.text
	.globl	atoll_xen_hypercall
	.hidden	atoll_xen_hypercall
	.type	atoll_xen_hypercall, @function
atoll_xen_hypercall:
	mov	%rcx, %r10
	mov	%r8d, %eax
	cmpb	$0, atoll_xen_uses_vmmcall(%rip)
	jne	1f
	vmcall
	ret
1:	vmmcall
	ret
	.size	atoll_xen_hypercall, . - atoll_xen_hypercall

	.section .note.GNU-stack, "", @progbits
