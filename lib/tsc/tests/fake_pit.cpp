// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "fake_pit.hpp"

namespace atl::tsc::test {

std::uint8_t Pit::in(std::uint16_t port) {
  now += seconds_per_access;
  ++accesses;
  if (!present) return 0xff;
  if (port == 0x61) return gate;
  if (port != 0x42) return 0xff;
  return static_cast<std::uint8_t>(bytes_read++ % 2 == 0 ? latched : latched >> 8);
}

void Pit::out(std::uint16_t port, std::uint8_t value) {
  now += seconds_per_access;
  ++accesses;
  if (port == 0x61) gate = value;
  if (port == 0x43 && value == 0x80) {
    const auto ticks = stuck ? 0 : static_cast<std::uint64_t>((now - started) * 1193181.8);
    latched = static_cast<std::uint16_t>(initial - ticks);
    bytes_read = 0;
  }
  if (port == 0x43 && value == 0xb0) bytes_written = 0;
  if (port == 0x42) {
    initial = static_cast<std::uint16_t>(bytes_written++ % 2 == 0 ? value : initial | value << 8);
    started = now;
  }
}

}  // namespace atl::tsc::test
