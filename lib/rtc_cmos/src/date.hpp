// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <atoll/timekeeping.hpp>
#include <cstdint>

namespace atl::rtc_cmos {

/// The date in the MC146818's registers (its data sheet; ICH9 data sheet §13.6).
/// `Io` reads and writes ports 70H and 71H. kNoData where it never comes to
/// rest, as an absent one does, or holds no number.
template <typename Io>
Result<timekeeping::Date> read_date(const Io& io) {
  constexpr std::uint8_t kSecond = 0, kMinute = 2, kHour = 4, kDay = 7, kMonth = 8, kYear = 9;
  constexpr std::uint8_t kStatusA = 10, kStatusB = 11, kCentury = 0x32;
  constexpr std::uint8_t kUpdating = 0x80, kBinary = 4, k24Hours = 2, kAfternoon = 0x80;
  // An update takes 2 ms; a look at the flag takes a microsecond or more.
  constexpr int kPatience = 10'000;

  const auto get = [&io](std::uint8_t index) {
    io.template write<std::uint8_t>(0x70, index);
    return io.template read<std::uint8_t>(0x71);
  };
  for (int looks = 0; looks < kPatience; ++looks) {
    if ((get(kStatusA) & kUpdating) != 0) continue;
    const std::uint8_t status = get(kStatusB);
    const std::uint8_t second = get(kSecond);
    std::uint8_t hour = get(kHour);
    bool numbers = true;
    const auto number = [&](std::uint8_t value) -> std::uint32_t {
      if ((status & kBinary) != 0) return value;
      if ((value & 0x0f) > 9 || value > 0x99) numbers = false;
      return (value >> 4) * 10u + (value & 0x0fu);
    };
    const bool afternoon = (status & k24Hours) == 0 && (hour & kAfternoon) != 0;
    if ((status & k24Hours) == 0) hour &= static_cast<std::uint8_t>(~kAfternoon);
    timekeeping::Date date{number(get(kYear)), number(get(kMonth)),  number(get(kDay)),
                           number(hour),       number(get(kMinute)), number(second)};
    // Not every PC has the century, nor at this place.
    const std::uint8_t century = get(kCentury);
    const bool plausible = century >= 0x19 && century <= 0x22;
    date.year += plausible ? number(century) * 100 : 2000;
    if ((status & k24Hours) == 0) date.hour = date.hour % 12 + (afternoon ? 12 : 0);
    // It may have counted on meanwhile: the seconds come last again.
    if ((get(kStatusA) & kUpdating) != 0 || get(kSecond) != second) continue;
    if (!numbers) return fail(Errc::kNoData);
    return date;
  }
  return fail(Errc::kNoData);
}

}  // namespace atl::rtc_cmos
