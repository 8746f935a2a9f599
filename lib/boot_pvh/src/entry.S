// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Where a PVH loader starts the image (xen/docs/misc/pvh.pandoc): 32-bit
// protected mode without paging, flat segments, interrupts masked, ebx = the
// physical address of hvm_start_info, no stack. From here to 64-bit mode and
// C++, at the load address, with low memory mapped one to one.
//
// Everything is addressed relative to the code, which may lie anywhere below
// 4 GiB. A loader fills the part of a segment that is not in the file with
// zeros (System V ABI, Program Header), so the tables here are empty.

	.equ	PRESENT_WRITABLE, 0x3
	.equ	BLOCK, 0x80

	.section .text.atoll_entry, "ax", @progbits
	.code32
	.globl	atoll_pvh_entry
	.hidden	atoll_pvh_entry
	.type	atoll_pvh_entry, @function
atoll_pvh_entry:
	cld
	// The program counter comes by way of a call, and the start info's first
	// word lends the stack for it.
	mov	(%ebx), %edx
	lea	4(%ebx), %esp
	call	.Lhere
.Lhere:
	pop	%ebp
	mov	%edx, (%ebx)
	lea	(atoll_pvh_entry_stack_top - .Lhere)(%ebp), %esp
	mov	%ebx, %esi

	// 64-bit mode (Intel SDM 2A, CPUID 8000_0001H EDX[29]); a CPU without it
	// has nothing that this image could run on.
	mov	$0x80000000, %eax
	cpuid
	cmp	$0x80000001, %eax
	jb	.Lno_long_mode
	mov	$0x80000001, %eax
	cpuid
	bt	$29, %edx
	jnc	.Lno_long_mode

	lea	(entry_pml4 - .Lhere)(%ebp), %edi
	lea	(entry_pdpt - .Lhere + PRESENT_WRITABLE)(%ebp), %eax
	mov	%eax, (%edi)
	mov	%edi, %cr3

	lea	(entry_pdpt - .Lhere)(%ebp), %edi
	bt	$26, %edx
	jnc	.Lno_gibibyte_pages
	mov	$(PRESENT_WRITABLE | BLOCK), %eax
	mov	$4, %ecx
1:	mov	%eax, (%edi)
	add	$8, %edi
	add	$0x40000000, %eax
	loop	1b
	movb	$4, (entry_gibibytes - .Lhere)(%ebp)
	jmp	.Lpaging

.Lno_gibibyte_pages:
	lea	(entry_pd - .Lhere + PRESENT_WRITABLE)(%ebp), %eax
	mov	%eax, (%edi)
	lea	(entry_pd - .Lhere)(%ebp), %edi
	mov	$(PRESENT_WRITABLE | BLOCK), %eax
	mov	$512, %ecx
1:	mov	%eax, (%edi)
	add	$8, %edi
	add	$0x200000, %eax
	loop	1b
	movb	$1, (entry_gibibytes - .Lhere)(%ebp)

.Lpaging:
	// CR4.PAE, EFER.LME, CR0.PG: the order of Intel SDM 3A §9.8.5.
	mov	%cr4, %eax
	bts	$5, %eax
	mov	%eax, %cr4
	mov	$0xc0000080, %ecx
	rdmsr
	bts	$8, %eax
	wrmsr
	mov	%cr0, %eax
	bts	$31, %eax
	mov	%eax, %cr0

	// A code segment for 64-bit mode in a table on the stack; the next one
	// comes with the final address space.
	push	$0x00af9b00
	push	$0x0000ffff
	push	$0
	push	$0
	mov	%esp, %eax
	sub	$8, %esp
	movw	$15, (%esp)
	mov	%eax, 2(%esp)
	lgdt	(%esp)
	push	$8
	lea	(.Llong_mode - .Lhere)(%ebp), %eax
	push	%eax
	lret

.Lno_long_mode:
	// The first serial port is the only way to say so; then an exception that
	// nothing handles resets the machine (Intel SDM 3A §6.15, double fault).
	lea	(.Lno_long_mode_text - .Lhere)(%ebp), %esi
	mov	$0x3f8, %edx
1:	lodsb
	test	%al, %al
	jz	2f
	out	%al, %dx
	jmp	1b
2:	push	$0
	push	$0
	lidt	(%esp)
	int3
.Lno_long_mode_text:
	.asciz	"\r\natoll: cannot boot: this CPU has no 64-bit mode\r\natoll: panic 0\r\n"

	.code64
.Llong_mode:
	xor	%eax, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	mov	%eax, %fs
	mov	%eax, %gs
	lea	atoll_pvh_entry_stack_top(%rip), %rsp
	xor	%ebp, %ebp
	mov	%esi, %edi
	call	atoll_pvh_enter
	ud2
	.size	atoll_pvh_entry, . - atoll_pvh_entry

// uint64_t boot_pvh::window_limit(): what the tables above map.
	.section .text.atoll_pvh_window, "ax", @progbits
	.globl	atoll_pvh_window_limit
	.hidden	atoll_pvh_window_limit
	.type	atoll_pvh_window_limit, @function
atoll_pvh_window_limit:
	movzbl	entry_gibibytes(%rip), %eax
	shl	$30, %rax
	ret
	.size	atoll_pvh_window_limit, . - atoll_pvh_window_limit

// [[noreturn]] void atoll_pvh_leave(root (rdi), index of the root's entry for the
// image (rsi), target (rdx), stack top (rcx), function (r8), argument (r9))
//
// That entry joins the entry's own tables first, so that the jump to the image
// works while the one-to-one mapping still stands; then only the new root is
// left.
	.section .text.atoll_pvh_leave, "ax", @progbits
	.globl	atoll_pvh_leave
	.hidden	atoll_pvh_leave
	.type	atoll_pvh_leave, @function
atoll_pvh_leave:
	.cfi_sections .debug_frame
	.cfi_startproc
	.cfi_undefined rip	// a backtrace ends here
	lea	entry_pml4(%rip), %rax
	mov	(%rdi,%rsi,8), %r10
	mov	%r10, (%rax,%rsi,8)
	jmp	*%rdx

// At its virtual address.
	.globl	atoll_pvh_arrive
	.hidden	atoll_pvh_arrive
atoll_pvh_arrive:
	mov	%rdi, %cr3
	mov	%rcx, %rsp
	fninit
	push	$0x1f80
	ldmxcsr	(%rsp)
	pop	%rcx
	xor	%ebp, %ebp
	mov	%r9, %rdi
	call	*%r8
	ud2
	.cfi_endproc
	.size	atoll_pvh_leave, . - atoll_pvh_leave

	.section .bss.atoll_pvh_entry, "aw", @nobits
entry_gibibytes:
	.skip	1

// Used until the final address space stands; then they become the stacks of
// exceptions (address_space.cpp). The linker script puts them on a page: an
// alignment here would be the whole segment's, and cost it in the file.
	.section .bss_entry_pages, "aw", @nobits
	.globl	atoll_pvh_entry_pages
	.hidden	atoll_pvh_entry_pages
atoll_pvh_entry_pages:
entry_pml4:
	.skip	4096
entry_pdpt:
	.skip	4096
entry_pd:
	.skip	4096
	.skip	4096
atoll_pvh_entry_stack_top:
// Zeros, for the first tables of the final address space, which has seven or more.
// Each spares the entry the clearing of a page of RAM, and takes one of the few right
// behind 1 MiB that the smallest machine has for the image.
	.globl	atoll_pvh_first_tables
	.hidden	atoll_pvh_first_tables
atoll_pvh_first_tables:
	.skip	5 * 4096
	.globl	atoll_pvh_first_tables_end
	.hidden	atoll_pvh_first_tables_end
atoll_pvh_first_tables_end:

	.section .note.GNU-stack, "", @progbits
