// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>
#include <string>

namespace packet_elements_test {

using Bytes = std::string;

template <typename... Values>
Bytes bytes(Values... values) {
  return Bytes{static_cast<char>(values)...};
}
inline Bytes word(unsigned value) { return bytes(value >> 8, value & 0xff); }

inline Bytes ethernet(unsigned type, const Bytes& payload) {
  return bytes(2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1) + word(type) + payload;
}
/// From 10.0.0.1 to 10.0.0.2, `offset` in units of 8 bytes.
inline Bytes ip4(std::uint8_t protocol, const Bytes& payload, unsigned offset = 0) {
  return bytes(0x45, 0) + word(static_cast<unsigned>(20 + payload.size())) + word(0) +
         word(offset) + bytes(64, protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2) + payload;
}
/// From fd00::1 to fd00::2.
inline Bytes ip6(std::uint8_t next, const Bytes& payload) {
  const Bytes zeros(13, '\0');
  return bytes(0x60, 0, 0, 0) + word(static_cast<unsigned>(payload.size())) + bytes(next, 64) +
         bytes(0xfd, 0) + zeros + bytes(1) + bytes(0xfd, 0) + zeros + bytes(2) + payload;
}
/// Of TCP 20 bytes, of UDP 8.
inline Bytes transport(std::uint8_t protocol, unsigned from, unsigned to) {
  return word(from) + word(to) + (protocol == 6 ? Bytes(16, '\0') : word(8) + word(0));
}

}  // namespace packet_elements_test
