// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// The clock page as a hypervisor changes it while it is read: a counter and the
// page's content, once for each look.
#include <atoll/pvclock.hpp>

#include <cstring>

#include "../expect.hpp"
#include "../input.hpp"

namespace {

using atl::pvclock::TimeInfo;
__extension__ using Wide = unsigned __int128;

// Without a shift by more than a type has.
std::uint64_t naive_scale(std::uint64_t ticks, std::uint32_t multiplier, int shift) {
  if (shift <= -64 || shift >= 64) return 0;
  for (; shift > 0; --shift) ticks *= 2;
  for (; shift < 0; ++shift) ticks /= 2;
  return static_cast<std::uint64_t>(Wide{ticks} * multiplier / (Wide{1} << 32));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input{data, size};
  TimeInfo page = input.take<TimeInfo>();
  TimeInfo before{};
  std::uint64_t counter = 0;
  const auto reading = atl::pvclock::read(page, [&] {
    before = page;
    counter = input.take<std::uint64_t>();
    // In the end the page rests, with a version that was not there before.
    const bool last = input.empty();
    if (!last && (counter & 1) != 0) page = input.take<TimeInfo>();
    if (last && (page.version & 1) != 0) ++page.version;
    return counter;
  });
  // Nothing was written between the two looks at the version.
  FUZZ_EXPECT(page.version % 2 == 0);
  FUZZ_EXPECT(page.version == before.version);
  // Behind is what is nearer by going back.
  const std::uint64_t onward = counter - page.counter;
  const std::uint64_t passed = onward <= page.counter - counter && onward < 1ull << 63
                                   ? naive_scale(onward, page.multiplier, page.shift)
                                   : 0;
  FUZZ_EXPECT(reading.time.count == page.system_time + passed);
  FUZZ_EXPECT(reading.stable == ((page.flags & 1) != 0));
  const std::uint64_t hz = atl::pvclock::counter_frequency(page.multiplier, page.shift);
  FUZZ_EXPECT(page.multiplier != 0 || hz == 0);
  return 0;
}
