/* SPDX-License-Identifier: BSD-3-Clause */
/* Copyright (c) The Atoll authors */
#pragma once

/* A function of its own section, so that the link drops what nobody calls. */
.macro function name
	.section .text.\name, "ax", %progbits
	.balign	4
	.global	\name
	.hidden	\name
	.type	\name, %function
\name:
.endm

.macro end_function name
	.size	\name, . - \name
.endm

/* The address of a symbol of this image, wherever the image runs. */
.macro address register, symbol
	adrp	\register, \symbol
	add	\register, \register, :lo12:\symbol
.endm
