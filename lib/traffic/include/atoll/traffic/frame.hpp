// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/ip_address.hpp>
#include <atoll/netdev.hpp>
#include <cstddef>
#include <cstdint>
#include <span>

/// UDP packets that tell themselves apart: each names its flow and its number in it, and every
/// byte of it follows from them.
///
/// What is on their way may change what a bridge, a router or a NAT has to: Ethernet addresses,
/// VLAN tags, hop counts, addresses and ports, as long as the checksums are right.
namespace atl::traffic {

/// Between whom packets travel.
struct Ends {
  MacAddress from_mac;
  MacAddress to_mac;
  IpAddress from;
  IpAddress to;                 ///< of the same version
  std::uint16_t from_port = 0;  ///< of flow 0; the others' follow it
  std::uint16_t to_port = 0;
};

/// Which packet it is.
struct Tag {
  std::uint32_t run = 0;  ///< a number that sender and counter agree on
  std::uint16_t flow = 0;
  std::uint64_t number = 0;  ///< from 0 on, in its flow; below kNumbers

  bool operator==(const Tag&) const = default;
};
inline constexpr std::uint64_t kNumbers = std::uint64_t{1} << 48;

/// What is behind the tag.
enum class Payload : std::uint8_t {
  kPattern,  ///< bytes that follow from the tag, and a checksum over all of the packet
  kNone,     ///< whatever there is: not written, not looked at, no checksum (RFC 768); IPv4 only
};

/// Bytes of the shortest frame, without its checksum: 60, or 80 of IPv6.
std::uint32_t smallest_frame(bool six);

/// Writes the frame that `tag` names over all of `frame`, which is no shorter than the smallest
/// one, and no longer than 65,535 bytes. Any context.
void write_frame(std::span<std::byte> frame, const Ends& ends, const Tag& tag, Payload payload);

struct Finding {
  enum class Kind : std::uint8_t {
    kGood,
    kForeign,  ///< somebody else's, or of another run
    kDamaged,  ///< of this run, and not what was sent
  };
  Kind kind = Kind::kForeign;
  Tag tag;  ///< of a good one
};

/// What `frame`, which may be any bytes, is to the counter of `run`. Any context.
Finding read_frame(std::span<const std::byte> frame, std::uint32_t run, Payload payload);

}  // namespace atl::traffic
