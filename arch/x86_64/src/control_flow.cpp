// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "control_flow.hpp"

#include <atoll/arch/cpuid.hpp>
#include <atoll/arch/registers.hpp>

namespace atl::arch {

/// Intel SDM 1 §18.3 (indirect branch tracking), SDM 4 §2.1 (IA32_S_CET). The
/// compiler's jump tables, which lie among constants, go by the NOTRACK prefix.
void protect_control_flow() {
  if (!feature::kBranchTracking.present()) return;
  write_msr(msr::kSupervisorCet, kCetEndBranch | kCetNoTrack);
  write_cr4(read_cr4() | cr4::kControlFlow);
}

}  // namespace atl::arch
