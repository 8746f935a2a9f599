// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Where an interrupt returns to after call_before_resume(): on the thread's stack, with
// interrupts masked, the TrapFrame of what was interrupted at rsp, the function to call
// in rbx.
//
// The vector state is saved here and not by the entry: the kernel's own code does not
// touch it. x87 is left as after FNINIT, with an empty stack, as every thread expects
// that has called a function (System V ABI, AMD64 supplement §3.2.1), and the upper
// halves of the vector registers zero, for the sake of speed.

#include "entry_stubs.inc"
#include "trap_frame.inc"

	.equ	XSAVE_HEADER, 512	// Intel SDM 1 §13.4.2
	.equ	STATE_AVX, 4		// XCR0

	.section .text.atoll_x86_before_resume, "ax", @progbits
	.globl	atoll_x86_before_resume
	.hidden	atoll_x86_before_resume
	.type	atoll_x86_before_resume, @function
	.cfi_sections .debug_frame
	.cfi_startproc
	describe_trap_frame
atoll_x86_before_resume:
	ATOLL_LANDING_PAD
	mov	%rsp, %r12
	.cfi_def_cfa r12, 176
	mov	%rsp, %rdi
	link_frame
	mov	atoll_x86_vector_bytes(%rip), %eax
	sub	%rax, %rsp
	and	$-64, %rsp
	mov	atoll_x86_vector_state(%rip), %eax
	test	%eax, %eax
	jz	.Lwithout_xsave

	// XSAVE leaves the header's reserved words as they are; XRSTOR wants them 0.
	xor	%edx, %edx
	mov	%rdx, XSAVE_HEADER(%rsp)
	mov	%rdx, XSAVE_HEADER + 8(%rsp)
	mov	%rdx, XSAVE_HEADER + 16(%rsp)
	mov	%rdx, XSAVE_HEADER + 24(%rsp)
	mov	%rdx, XSAVE_HEADER + 32(%rsp)
	mov	%rdx, XSAVE_HEADER + 40(%rsp)
	mov	%rdx, XSAVE_HEADER + 48(%rsp)
	mov	%rdx, XSAVE_HEADER + 56(%rsp)
	xsave64	(%rsp)
	fninit
	test	$STATE_AVX, %al
	jz	1f
	vzeroupper
1:	call	*%rbx
	mov	atoll_x86_vector_state(%rip), %eax
	xor	%edx, %edx
	xrstor64 (%rsp)
.Lresume:
	mov	%r12, %rsp
	jmp	atoll_x86_return

.Lwithout_xsave:
	fxsave64 (%rsp)
	fninit
	call	*%rbx
	fxrstor64 (%rsp)
	jmp	.Lresume
	.cfi_endproc
	.size	atoll_x86_before_resume, . - atoll_x86_before_resume

	.section .note.GNU-stack, "", @progbits
