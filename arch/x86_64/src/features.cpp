// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "features.hpp"

#include <atoll/arch/cpu_tables.hpp>
#include <atoll/arch/cpuid.hpp>
#include <atoll/arch/registers.hpp>

constinit bool atoll_x86_has_fsgsbase = false;
constinit bool atoll_x86_has_rdseed = false;
constinit bool atoll_x86_has_rdrand = false;
constinit std::uint64_t atoll_x86_vector_state = 0;
constinit std::uint32_t atoll_x86_vector_bytes = 512;

namespace atl::arch {

namespace {

// Every state that programs may use without asking the kernel: x87, SSE, AVX, and the
// three of AVX-512, which come together (Intel SDM 1 §13.1, §13.3).
constexpr std::uint64_t kX87AndSse = 3;
constexpr std::uint64_t kAvx = 1 << 2;
constexpr std::uint64_t kAvx512 = 7 << 5;

void enable_vector_state() {
  const Cpuid supported = Cpuid::read(0xd);
  std::uint64_t state = supported.eax & (kX87AndSse | kAvx | kAvx512);
  if ((state & kAvx512) != kAvx512) state &= ~kAvx512;
  write_xcr0(state);
  atoll_x86_vector_state = state;
  atoll_x86_vector_bytes = Cpuid::read(0xd).ebx;  // of what XCR0 has now
}

}  // namespace

bool enable_cpu_features() {
  if (!feature::kNoExecute.present()) return false;
  write_msr(msr::kEfer, read_msr(msr::kEfer) | kEferNoExecute);

  const std::uint64_t cr0 = read_cr0() & ~cr0::kEmulation;
  write_cr0(cr0 | cr0::kMonitorCoprocessor | cr0::kNumericError | cr0::kWriteProtect);

  const Cpuid extended = Cpuid::read_checked(7);
  const Cpuid basic = Cpuid::read(1);
  atoll_x86_has_rdrand = feature::kRdrand.in(basic);
  atoll_x86_has_rdseed = feature::kRdseed.in(extended);
  atoll_x86_has_fsgsbase = feature::kFsGsBase.in(extended);

  std::uint64_t cr4 = read_cr4() | cr4::kFxsr | cr4::kSimdExceptions;
  if (atoll_x86_has_fsgsbase) cr4 |= cr4::kFsGsBase;
  if (feature::kSmep.in(extended)) cr4 |= cr4::kSmep;
  if (feature::kSmap.in(extended)) cr4 |= cr4::kSmap;
  if (feature::kUmip.in(extended)) cr4 |= cr4::kUmip;
  const bool has_xsave = feature::kXsave.in(basic);
  if (has_xsave) cr4 |= cr4::kXsave;
  write_cr4(cr4);
  if (has_xsave) enable_vector_state();
  return true;
}

}  // namespace atl::arch
