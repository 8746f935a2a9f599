// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// void Cpu::wait_for_interrupt(), a function so that the place between STI and HLT has
// a name: see atoll_x86_interrupt().
	.section .text.atoll_x86_wait_for_interrupt, "ax", @progbits
	.globl	atoll_x86_wait_for_interrupt, atoll_x86_halt
	.hidden	atoll_x86_wait_for_interrupt, atoll_x86_halt
	.type	atoll_x86_wait_for_interrupt, @function
atoll_x86_wait_for_interrupt:
	sti
atoll_x86_halt:
	hlt
	cli
	ret
	.size	atoll_x86_wait_for_interrupt, . - atoll_x86_wait_for_interrupt

	.section .note.GNU-stack, "", @progbits
