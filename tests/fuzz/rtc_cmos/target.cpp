// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// What the clock's registers answer: 64 of them, then index and value of what
// changes between two reads.
#include <array>

#include "../../../lib/rtc_cmos/src/date.hpp"
#include "../expect.hpp"
#include "../input.hpp"

namespace {

struct Registers {
  Input& input;
  mutable std::array<std::uint8_t, 64> values;
  mutable std::uint8_t index = 0;

  template <typename T>
  void write(std::uint16_t port, T value) const {
    FUZZ_EXPECT(port == 0x70);
    index = value;
  }
  template <typename T>
  T read(std::uint16_t port) const {
    FUZZ_EXPECT(port == 0x71 && index < values.size());
    if (!input.empty()) {
      const auto changed = input.take<std::uint8_t>();
      values[changed % values.size()] = input.take<std::uint8_t>();
    }
    return values[index];
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input{data, size};
  const Registers registers{input, input.take<std::array<std::uint8_t, 64>>()};
  const auto date = atl::rtc_cmos::read_date(registers);
  if (!date.ok()) return 0;
  const auto seconds = atl::timekeeping::seconds_since_1970(date.value());
  if (!seconds.ok()) return 0;
  const auto& told = date.value();
  FUZZ_EXPECT(told.year >= 1970 && told.month >= 1 && told.month <= 12);
  FUZZ_EXPECT(told.day >= 1 && told.day <= 31 && told.hour < 24 && told.minute < 60);
  FUZZ_EXPECT(seconds.value() / 86400 / 366 + 1970 <= told.year);
  FUZZ_EXPECT(seconds.value() / 86400 / 365 + 1970 >= told.year);
  return 0;
}
