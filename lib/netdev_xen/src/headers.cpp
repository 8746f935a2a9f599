// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "headers.hpp"

namespace atl::netdev_xen {

namespace {

constexpr unsigned kIpv4Type = 0x0800, kIpv6Type = 0x86dd, kVlanType = 0x8100;
constexpr unsigned kTcp = 6, kUdp = 17;

/// Reads of bytes that may end: what is behind them is 0, and is noted.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  unsigned byte(std::size_t at) {
    if (at < bytes_.size()) return static_cast<unsigned>(bytes_[at]);
    ended = true;
    return 0;
  }
  unsigned word(std::size_t at) { return byte(at) << 8 | byte(at + 1); }

  bool ended = false;

 private:
  std::span<const std::byte> bytes_;
};

struct Upper {
  std::size_t start;
  unsigned protocol;
};

std::optional<Upper> in_ipv4(Reader& reader, std::size_t at) {
  const unsigned first = reader.byte(at);
  const std::size_t length = std::size_t{first & 0xf} * 4;
  constexpr unsigned kFragment = 0x3fff;  // more of them, or an offset
  if (first >> 4 != 4 || length < 20 || (reader.word(at + 6) & kFragment) != 0) return {};
  return Upper{at + length, reader.byte(at + 9)};
}

std::optional<Upper> in_ipv6(Reader& reader, std::size_t at) {
  if (reader.byte(at) >> 4 != 6) return {};
  Upper upper{at + 40, reader.byte(at + 6)};
  constexpr unsigned kHopByHop = 0, kRouting = 43, kDestination = 60;
  while (upper.protocol == kHopByHop || upper.protocol == kRouting ||
         upper.protocol == kDestination) {
    const unsigned next = reader.byte(upper.start);
    const std::size_t length = (std::size_t{reader.byte(upper.start + 1)} + 1) * 8;
    if (reader.ended) return {};
    upper = {upper.start + length, next};
  }
  return upper;
}

}  // namespace

std::optional<Transport> find_transport(std::span<const std::byte> bytes) {
  if (bytes.size() > kLongestHeaders) bytes = bytes.first(kLongestHeaders);
  Reader reader{bytes};
  std::size_t at = 12;
  if (reader.word(at) == kVlanType) at += 4;
  const unsigned type = reader.word(at);
  if (type != kIpv4Type && type != kIpv6Type) return {};
  const bool ipv6 = type == kIpv6Type;
  const auto upper = ipv6 ? in_ipv6(reader, at + 2) : in_ipv4(reader, at + 2);
  if (!upper || (upper->protocol != kTcp && upper->protocol != kUdp)) return {};
  const bool tcp = upper->protocol == kTcp;
  const std::size_t length =
      tcp ? std::size_t{reader.byte(upper->start + 12) >> 4} * 4 : std::size_t{8};
  if (tcp && length < 20) return {};
  const std::size_t end = upper->start + length;
  if (reader.ended || end > bytes.size()) return {};
  return Transport{.ipv6 = ipv6,
                   .tcp = tcp,
                   .start = static_cast<std::uint16_t>(upper->start),
                   .checksum_offset = static_cast<std::uint16_t>(tcp ? 16 : 6),
                   .end = static_cast<std::uint16_t>(end)};
}

}  // namespace atl::netdev_xen
