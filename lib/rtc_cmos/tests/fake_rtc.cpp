// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "fake_rtc.hpp"

namespace atl::rtc_cmos::test {

template <>
std::uint8_t RtcIo::read<std::uint8_t>(std::uint64_t port) const {
  if (port != 0x71) return 0xff;
  ++rtc->reads;
  if (rtc->before_read) rtc->before_read(*rtc);
  return rtc->memory[rtc->index];
}

template <>
void RtcIo::write<std::uint8_t>(std::uint64_t port, std::uint8_t value) const {
  if (port == 0x70) rtc->index = value & 0x7f;
}

}  // namespace atl::rtc_cmos::test
