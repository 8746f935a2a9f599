/* SPDX-License-Identifier: BSD-3-Clause */
/* Copyright (c) The Atoll authors */
#include "asm.inc"

/* Without BUILD_CONTROL_FLOW: see control_flow.S. */
function atoll_arm64_protect_control_flow
	ret
end_function atoll_arm64_protect_control_flow
