// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch/ports.hpp>
#include <atoll/rtc_cmos.hpp>

#include "date.hpp"

namespace atl::rtc_cmos {

Result<Nanoseconds> read() {
  const timekeeping::Date date = TRY(read_date(arch::Ports{}));
  auto seconds = timekeeping::seconds_since_1970(date);
  if (!seconds) return fail(Errc::kNoData);
  return Nanoseconds{seconds.value() * 1'000'000'000};
}

}  // namespace atl::rtc_cmos
