// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "features.hpp"

#include <atoll/arch/cpu_tables.hpp>
#include <atoll/arch/cpuid.hpp>
#include <atoll/arch/registers.hpp>

constinit bool atoll_x86_has_fsgsbase = false;
constinit bool atoll_x86_has_rdseed = false;
constinit bool atoll_x86_has_rdrand = false;

namespace atl::arch {

bool enable_cpu_features() {
  if (!feature::kNoExecute.present()) return false;
  write_msr(msr::kEfer, read_msr(msr::kEfer) | kEferNoExecute);

  const std::uint64_t cr0 = read_cr0() & ~cr0::kEmulation;
  write_cr0(cr0 | cr0::kMonitorCoprocessor | cr0::kNumericError | cr0::kWriteProtect);

  const Cpuid extended = Cpuid::read_checked(7);
  atoll_x86_has_rdrand = feature::kRdrand.in(Cpuid::read(1));
  atoll_x86_has_rdseed = feature::kRdseed.in(extended);
  atoll_x86_has_fsgsbase = feature::kFsGsBase.in(extended);

  std::uint64_t cr4 = read_cr4() | cr4::kFxsr | cr4::kSimdExceptions;
  if (atoll_x86_has_fsgsbase) cr4 |= cr4::kFsGsBase;
  if (feature::kSmep.in(extended)) cr4 |= cr4::kSmep;
  if (feature::kSmap.in(extended)) cr4 |= cr4::kSmap;
  if (feature::kUmip.in(extended)) cr4 |= cr4::kUmip;
  write_cr4(cr4);
  return true;
}

}  // namespace atl::arch
