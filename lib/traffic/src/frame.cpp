// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <atoll/bits.hpp>
#include <atoll/ip_checksum.hpp>
#include <atoll/traffic/frame.hpp>
#include <cstring>

namespace atl::traffic {
namespace {

// IEEE 802.3 §3.1.1, and the types that IANA lists as IEEE 802 numbers.
constexpr std::uint32_t kEthernet = 14;
constexpr std::uint32_t kType = 12;
constexpr std::uint16_t kTypeIpv4 = 0x0800;
constexpr std::uint16_t kTypeIpv6 = 0x86dd;
constexpr std::uint16_t kTypeVlan = 0x8100;         // IEEE 802.1Q §9.5
constexpr std::uint16_t kTypeServiceVlan = 0x88a8;  // the same
constexpr std::uint32_t kVlan = 4;
constexpr unsigned kMostVlans = 2;

constexpr std::uint8_t kUdp = 17;        // IANA, protocol numbers
constexpr std::uint32_t kIpv4 = 20;      // RFC 791 §3.1, without options
constexpr std::uint32_t kIpv6 = 40;      // RFC 8200 §3
constexpr std::uint32_t kUdpHeader = 8;  // RFC 768
constexpr std::uint8_t kHops = 64;       // RFC 1700's default

// The tag, behind the UDP header, in network order: run with the mark on it, flow, number,
// checksum of all three and of the length.
constexpr std::uint32_t kTag = 18;
constexpr std::uint32_t kMark = 0x41746c50;

void store(std::byte* at, std::uint64_t value, unsigned bytes) {
  for (; bytes > 0; value >>= 8) at[--bytes] = static_cast<std::byte>(value);
}
void store16(std::byte* at, std::uint64_t value) { store(at, value, 2); }

/// Spreads every bit over all others: the finaliser of MurmurHash3.
constexpr std::uint64_t mix(std::uint64_t value) {
  value = (value ^ (value >> 33)) * 0xff51afd7ed558ccd;
  value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53;
  return value ^ (value >> 33);
}

/// What all of the payload follows from.
std::uint64_t seed_of(const Tag& tag, std::size_t length) {
  return mix(mix(tag.number << 16 | tag.flow) ^ (std::uint64_t{tag.run} << 32 | length));
}

/// Calls visit(at, word, bytes) for each word of the pattern, `bytes` of which count, until one
/// says false.
template <typename Visit>
bool each_word(std::size_t length, std::uint64_t seed, Visit visit) {
  constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15;  // odd: no two words are alike
  std::size_t at = 0;
  for (; at + 8 <= length; at += 8, seed += kStep) {
    if (!visit(at, seed, std::size_t{8})) return false;
  }
  return at == length || visit(at, seed, length - at);
}

void write_payload(std::span<std::byte> payload, const Tag& tag, Payload kind) {
  const std::uint64_t seed = seed_of(tag, payload.size());
  store(payload.data(), tag.run ^ kMark, 4);
  store16(&payload[4], tag.flow);
  store(&payload[6], tag.number, 8);
  store(&payload[14], seed, 4);
  if (kind == Payload::kNone) return;
  const std::span<std::byte> rest = payload.subspan(kTag);
  each_word(rest.size(), seed, [rest](std::size_t at, std::uint64_t word, std::size_t bytes) {
    std::memcpy(&rest[at], &word, bytes);
    return true;
  });
}

bool is_payload(std::span<const std::byte> payload, const Tag& tag, Payload kind) {
  const std::uint64_t seed = seed_of(tag, payload.size());
  if (load_big<std::uint32_t>(payload.subspan(14)) != static_cast<std::uint32_t>(seed)) {
    return false;
  }
  if (kind == Payload::kNone) return true;
  const std::span<const std::byte> rest = payload.subspan(kTag);
  return each_word(rest.size(), seed,
                   [rest](std::size_t at, std::uint64_t word, std::size_t bytes) {
                     return std::memcmp(&rest[at], &word, bytes) == 0;
                   });
}

void write_ipv4(std::span<std::byte> packet, const Ends& ends) {
  std::memset(packet.data(), 0, kIpv4);
  packet[0] = std::byte{0x45};
  store16(&packet[2], packet.size());
  packet[8] = std::byte{kHops};
  packet[9] = std::byte{kUdp};
  std::copy_n(ends.from.bytes.begin(), 4, &packet[12]);
  std::copy_n(ends.to.bytes.begin(), 4, &packet[16]);
  store16(&packet[10], static_cast<std::uint16_t>(~IpChecksum{}.add(packet.first(kIpv4)).sum()));
}

void write_ipv6(std::span<std::byte> packet, const Ends& ends) {
  std::memset(packet.data(), 0, 8);
  packet[0] = std::byte{0x60};
  store16(&packet[4], packet.size() - kIpv6);
  packet[6] = std::byte{kUdp};
  packet[7] = std::byte{kHops};
  std::ranges::copy(ends.from.bytes, &packet[8]);
  std::ranges::copy(ends.to.bytes, &packet[24]);
}

/// The sum over a UDP packet and its pseudo header: RFC 768, RFC 8200 §8.1.
std::uint16_t udp_sum(std::span<const std::byte> packet, std::uint32_t header) {
  const std::uint32_t addresses = header == kIpv6 ? 8 : 12;
  return IpChecksum{}
      .add(packet.subspan(addresses, header - addresses))
      .add_number(kUdp)
      .add_number(static_cast<std::uint32_t>(packet.size() - header))
      .add(packet.subspan(header))
      .sum();
}

/// An IP packet with UDP in it, as its headers have it, whatever else they say.
struct Udp {
  std::span<const std::byte> packet;  // with its IP header
  std::uint32_t header = 0;           // bytes of that; 0 for what is none
};

/// The UDP packet in `frame` behind up to two VLAN tags.
Udp find_udp(std::span<const std::byte> frame) {
  if (frame.size() < kEthernet) return {};
  auto type = load_big<std::uint16_t>(frame.subspan(kType));
  std::span<const std::byte> packet = frame.subspan(kEthernet);
  for (unsigned tags = 0; type == kTypeVlan || type == kTypeServiceVlan; ++tags) {
    if (tags == kMostVlans || packet.size() < kVlan) return {};
    type = load_big<std::uint16_t>(packet.subspan(2));
    packet = packet.subspan(kVlan);
  }
  const bool six = type == kTypeIpv6;
  const std::uint32_t header = six ? kIpv6 : kIpv4;
  if ((!six && type != kTypeIpv4) || packet.size() < header + kUdpHeader) return {};
  if ((packet[0] & std::byte{0xf0}) != (six ? std::byte{0x60} : std::byte{0x40})) return {};
  if (packet[six ? 6 : 9] != std::byte{kUdp}) return {};
  return {packet, header};
}

/// Whether lengths and checksums of the headers are right, to the last byte.
bool headers_are_right(const Udp& udp, Payload payload) {
  const bool six = udp.header == kIpv6;
  const auto field = [&](std::size_t at) {
    return load_big<std::uint16_t>(udp.packet.subspan(at));
  };
  if (field(six ? 4 : 2) != udp.packet.size() - (six ? kIpv6 : 0)) return false;
  if (field(udp.header + 4) != udp.packet.size() - udp.header) return false;
  if (!six) {
    // No options, and not a fragment, whose flag "may not" a router leaves alone.
    if (udp.packet[0] != std::byte{0x45} || (field(6) & 0x3fff) != 0) return false;
    if (IpChecksum{}.add(udp.packet.first(kIpv4)).sum() != 0xffff) return false;
  }
  const bool summed = field(udp.header + 6) != 0;
  if (payload == Payload::kNone && !summed) return true;
  return summed && udp_sum(udp.packet, udp.header) == 0xffff;
}

}  // namespace

std::uint32_t smallest_frame(bool six) {
  return kEthernet + (six ? kIpv6 : kIpv4) + kUdpHeader + kTag;
}

void write_frame(std::span<std::byte> frame, const Ends& ends, const Tag& tag, Payload payload) {
  const bool six = ends.from.six;
  ATOLL_ASSERT(frame.size() >= smallest_frame(six) && frame.size() <= 65'535);
  ATOLL_ASSERT(tag.number < kNumbers && (payload == Payload::kPattern || !six));
  std::memcpy(frame.data(), ends.to_mac.bytes.data(), 6);
  std::memcpy(&frame[6], ends.from_mac.bytes.data(), 6);
  store16(&frame[kType], six ? kTypeIpv6 : kTypeIpv4);
  const std::span<std::byte> packet = frame.subspan(kEthernet);
  const std::uint32_t header = six ? kIpv6 : kIpv4;
  six ? write_ipv6(packet, ends) : write_ipv4(packet, ends);
  const std::span<std::byte> udp = packet.subspan(header);
  store16(&udp[0], ends.from_port + tag.flow);
  store16(&udp[2], ends.to_port);
  store16(&udp[4], udp.size());
  store16(&udp[6], 0);
  write_payload(udp.subspan(kUdpHeader), tag, payload);
  if (payload == Payload::kNone) return;
  const auto sum = static_cast<std::uint16_t>(~udp_sum(packet, header));
  store16(&udp[6], sum == 0 ? 0xffff : sum);  // 0 is none: RFC 768
}

Finding read_frame(std::span<const std::byte> frame, std::uint32_t run, Payload payload) {
  const Udp udp = find_udp(frame);
  if (udp.header == 0) return {};
  const std::span<const std::byte> data = udp.packet.subspan(udp.header + kUdpHeader);
  if (data.size() < kTag || load_big<std::uint32_t>(data) != (run ^ kMark)) return {};
  const Tag tag{run, load_big<std::uint16_t>(data.subspan(4)),
                load_big<std::uint64_t>(data.subspan(6))};
  if (!headers_are_right(udp, payload) || tag.number >= kNumbers ||
      !is_payload(data, tag, payload)) {
    return {Finding::Kind::kDamaged, {}};
  }
  return {Finding::Kind::kGood, tag};
}

}  // namespace atl::traffic
