// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

/// Beginnings of frames, field by field.
namespace packets {

using Bytes = std::vector<std::byte>;

inline void put(Bytes& bytes, std::initializer_list<int> more) {
  for (const int one : more) bytes.push_back(static_cast<std::byte>(one));
}
inline Bytes ethernet(int type) {
  Bytes bytes(12);
  put(bytes, {type >> 8, type & 0xff});
  return bytes;
}
inline void ipv4(Bytes& bytes, int protocol, int words = 5, int fragment = 0) {
  const std::size_t start = bytes.size();
  put(bytes, {0x40 | words, 0, 0, 0, 0, 0, fragment >> 8, fragment & 0xff, 64, protocol});
  bytes.resize(start + static_cast<std::size_t>(words) * 4);
}
inline void ipv6(Bytes& bytes, int next) {
  const std::size_t start = bytes.size();
  put(bytes, {0x60, 0, 0, 0, 0, 0, next});
  bytes.resize(start + 40);
}
inline void tcp(Bytes& bytes, int words = 5) {
  const std::size_t start = bytes.size();
  bytes.resize(start + static_cast<std::size_t>(words < 5 ? 5 : words) * 4);
  bytes[start + 12] = static_cast<std::byte>(words << 4);
}
inline void udp(Bytes& bytes) { bytes.resize(bytes.size() + 8); }

inline Bytes tcp4(std::size_t payload = 0) {
  Bytes bytes = ethernet(0x0800);
  ipv4(bytes, 6);
  tcp(bytes);
  bytes.resize(bytes.size() + payload);
  return bytes;
}
inline Bytes tcp6(std::size_t payload = 0) {
  Bytes bytes = ethernet(0x86dd);
  ipv6(bytes, 6);
  tcp(bytes);
  bytes.resize(bytes.size() + payload);
  return bytes;
}

}  // namespace packets
