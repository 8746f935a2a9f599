// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// void arch::switch_context(Context& from (rdi), Context& to (rsi))
//
// Saves what a call preserves (System V ABI, AMD64 supplement §3.2.1) below the
// return address of the running thread, and takes it back from the other one's
// stack. FS base goes by RDFSBASE where CR4 allows it, else by its MSR.
	.section .text.atoll_switch_context, "ax", @progbits
	.globl	atoll_x86_switch_context
	.hidden	atoll_x86_switch_context
	.type	atoll_x86_switch_context, @function
atoll_x86_switch_context:
	push	%rbp
	push	%rbx
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	sub	$16, %rsp
	stmxcsr	(%rsp)
	fnstcw	4(%rsp)
	cmpb	$0, atoll_x86_has_fsgsbase(%rip)
	je	.Lread_msr
	rdfsbase %rax
.Lhave_old:
	mov	%rax, 8(%rsp)
	mov	%rsp, (%rdi)
	mov	(%rsi), %rsp
	mov	8(%rsp), %rdx
	cmp	%rax, %rdx
	jne	.Lnew_fs_base
.Lhave_new:
	fldcw	4(%rsp)
	ldmxcsr	(%rsp)
	add	$16, %rsp
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbx
	pop	%rbp
	ret

.Lread_msr:
	mov	$0xc0000100, %ecx
	rdmsr
	shl	$32, %rdx
	or	%rdx, %rax
	jmp	.Lhave_old

.Lnew_fs_base:
	cmpb	$0, atoll_x86_has_fsgsbase(%rip)
	je	.Lwrite_msr
	wrfsbase %rdx
	jmp	.Lhave_new
.Lwrite_msr:
	mov	$0xc0000100, %ecx
	mov	%edx, %eax
	shr	$32, %rdx
	wrmsr
	jmp	.Lhave_new
	.size	atoll_x86_switch_context, . - atoll_x86_switch_context

// Where the first switch to a prepared context returns to: rbx is its entry,
// r12 the argument, rsp the 16-byte aligned top of its stack, rbp 0.
	.section .text.atoll_x86_thread_start, "ax", @progbits
	.globl	atoll_x86_thread_start
	.hidden	atoll_x86_thread_start
	.type	atoll_x86_thread_start, @function
atoll_x86_thread_start:
	.cfi_sections .debug_frame
	.cfi_startproc
	.cfi_undefined rip	// a backtrace ends here
	mov	%r12, %rdi
	call	*%rbx
	ud2
	.cfi_endproc
	.size	atoll_x86_thread_start, . - atoll_x86_thread_start

	.section .note.GNU-stack, "", @progbits
