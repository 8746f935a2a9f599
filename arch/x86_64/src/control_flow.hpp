// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

namespace atl::arch {

/// From here on an indirect jump or call of this CPU ends at ENDBR64, or raises a
/// control protection exception, where the image is built for it (BUILD_CONTROL_FLOW)
/// and the CPU can. Once per CPU, at its place in the kernel's half.
void protect_control_flow();

}  // namespace atl::arch
