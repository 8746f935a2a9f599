// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// The answers of CPUID's three leaves that tell the time stamp counter's rate,
// and a count of it.
#include <atoll/tick_scale.hpp>

#include "../../../lib/tsc/src/cpuid_rate.hpp"
#include "../expect.hpp"
#include "../input.hpp"

namespace {

struct Leaf {
  std::uint32_t eax, ebx, ecx, edx;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input{data, size};
  const Leaf hypervisor = input.take<Leaf>();
  const Leaf ratio = input.take<Leaf>();
  const Leaf nominal = input.take<Leaf>();
  const std::uint64_t hz = atl::tsc::rate_from_cpuid([&](std::uint32_t leaf) {
    FUZZ_EXPECT(leaf == 0x4000'0010 || leaf == 0x15 || leaf == 0x16);
    return leaf == 0x15 ? ratio : leaf == 0x16 ? nominal : hypervisor;
  });
  if (hz == 0) return 0;
  FUZZ_EXPECT(hz >= atl::tsc::kSlowest && hz <= atl::tsc::kFastest);

  const auto to_time = atl::TickScale::between(hz, atl::kNanosecondsPerSecond);
  const auto ticks = input.take<std::uint64_t>();
  __extension__ using Wide = unsigned __int128;
  const Wide exact = Wide{ticks} * atl::kNanosecondsPerSecond / hz;
  if (exact >> 64 != 0) return 0;
  const std::uint64_t time = to_time.apply(ticks);
  FUZZ_EXPECT(time <= exact && exact - time <= (exact >> 61) + 1);
  return 0;
}
