// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "router.hpp"

#include <algorithm>
#include <atoll/clock.hpp>
#include <atoll/ip_checksum.hpp>
#include <cstring>

#include "wire.hpp"

namespace atl {

namespace {

/// For which packets wait for an address.
constexpr Nanoseconds kPatience = 1_s;

/// Of Reason, in its order.
constexpr char kNames[][20] = {"malformed",   "wrong checksum",  "impossible address",
                               "for others",  "other protocols", "for us",
                               "no route",    "expired",         "too long",
                               "unresolved",  "no buffer",       "arp for others",
                               "arp refused", "arp taken"};

/// Changes the lifetime, with the protocol behind it, and corrects the header's checksum.
void set_lifetime(std::byte* header, std::uint16_t value) {
  std::byte* const at = header + ipv4_header::kLifetime;
  std::byte* const checksum = header + ipv4_header::kChecksum;
  store(checksum,
        corrected_ip_checksum(load<std::uint16_t>(checksum), load<std::uint16_t>(at), value));
  store(at, value);
}

}  // namespace

bool make_own(Packet& packet) {
  if (!packet->shared()) return true;
  Packet copy = packet->pool().allocate();
  if (!copy || copy->tailroom() < packet->length()) return false;
  std::memcpy(copy->append(packet->length()), packet->data(), packet->length());
  if (packet->next() != nullptr) copy->link(packet->next()->share());
  packet = std::move(copy);
  return true;
}

void Router::emit(Packet& packet, std::uint8_t port) {
  if (port != run_port_ || run_.full()) pass(run_, run_port_);
  run_port_ = port;
  run_.add(std::move(packet));
}

void Router::forward(Packet& packet, std::uint8_t port, const MacAddress& to) {
  std::memcpy(packet->data() + ethernet::kTo, to.bytes.data(), 6);
  std::memcpy(packet->data() + ethernet::kFrom, ports_[port].mac.bytes.data(), 6);
  ++forwarded_;
  emit(packet, port);
}

Router::Reason Router::route(Packet& packet, const Route& way, Ipv4 to) {
  if (packet_length(*packet) - ethernet::kBytes > ports_[way.port].mtu) return kTooLong;
  const Ipv4 hop = way.next_hop != 0 ? way.next_hop : to;
  if (const Neighbour* const neighbour = resolve(way.port, hop, packet->pool())) {
    forward(packet, way.port, neighbour->mac);
    return kReasons;
  }
  if (waiting_count_ == kMostWaiting) return kUnresolved;
  waiting_[waiting_count_++] = {std::move(packet), hop, now_, way.port};
  return kReasons;
}

void Router::settle() {
  unsigned kept = 0;
  for (Waiting& one : std::span{waiting_}.first(waiting_count_)) {
    const Neighbour* const neighbour = neighbours_.find(one.hop);
    if (now_ - one.since >= kPatience) {
      ++dropped_[kUnresolved];
      one.packet.reset();
    } else if (neighbour != nullptr && neighbour->is_known(now_)) {
      forward(one.packet, one.port, neighbour->mac);
    } else {
      Waiting& place = waiting_[kept++];
      if (&place != &one) place = std::move(one);
    }
  }
  waiting_count_ = kept;
}

// RFC 791 §3.1, RFC 1812 §5.2.2.
Router::Reason Router::take_ipv4(std::uint8_t port, Packet& packet) {
  std::byte* const header = packet->data() + ethernet::kBytes;
  const std::uint32_t bytes = (std::to_integer<std::uint32_t>(header[0]) & 15) * 4;
  const std::uint32_t total = load<std::uint16_t>(header + ipv4_header::kTotal);
  if ((header[0] >> 4) != std::byte{4} || bytes < ipv4_header::kBytes || total < bytes ||
      total > packet_length(*packet) - ethernet::kBytes ||
      !gather(*packet, ethernet::kBytes + bytes)) {
    return kMalformed;
  }
  if (IpChecksum{}.add({header, bytes}).sum() != 0xffff) return kChecksum;
  const auto from = load<Ipv4>(header + ipv4_header::kFrom);
  const auto to = load<Ipv4>(header + ipv4_header::kTo);
  if (is_nobody(from) || is_nobody(to) || ports_[port].network.is_edge(from)) return kNobody;
  const Route* const way = routes_.find(to);
  if (way == nullptr) return kNoRoute;
  if (way->ours) return answer_echo(packet, from, total);
  if (way->next_hop == 0 && way->is_edge(to)) return kNoRoute;
  const auto lifetime = load<std::uint16_t>(header + ipv4_header::kLifetime);
  if (lifetime < 0x200) return kExpired;
  if (!make_own(packet)) return kNoBuffer;
  set_lifetime(packet->data() + ethernet::kBytes, lifetime - 0x100);
  return route(packet, *way, to);
}

// RFC 792.
Router::Reason Router::answer_echo(Packet& packet, Ipv4 from, std::uint32_t total) {
  constexpr std::uint32_t kBegin = ethernet::kBytes + ipv4_header::kBytes;
  constexpr std::uint16_t kDefaultLifetime = 64;  // RFC 1700
  if (total < ipv4_header::kBytes + icmp::kBytes || !gather(*packet, ethernet::kBytes + total)) {
    return kForUs;
  }
  const std::byte* const asked = packet->data() + ethernet::kBytes;
  if (asked[0] != std::byte{0x45} || asked[ipv4_header::kProtocol] != std::byte{icmp::kProtocol} ||
      (load<std::uint16_t>(asked + ipv4_header::kFragment) & 0x3fff) != 0 ||
      load<std::uint16_t>(packet->data() + kBegin) != icmp::kEcho) {
    return kForUs;
  }
  if (IpChecksum{}.add({packet->data() + kBegin, total - ipv4_header::kBytes}).sum() != 0xffff) {
    return kChecksum;
  }
  const Route* const way = routes_.find(from);
  if (way == nullptr || way->ours) return kNoRoute;
  if (!make_own(packet)) return kNoBuffer;
  std::byte* const header = packet->data() + ethernet::kBytes;
  std::swap_ranges(header + ipv4_header::kFrom, header + ipv4_header::kTo,
                   header + ipv4_header::kTo);
  set_lifetime(header, kDefaultLifetime << 8 | icmp::kProtocol);
  // Summed anew: a message of zeros alone has a sum that no correction gives (RFC 1624 §3).
  const std::span<std::byte> message{packet->data() + kBegin, total - ipv4_header::kBytes};
  store(&message[0], icmp::kEchoReply);
  store(&message[icmp::kChecksum], std::uint16_t{0});
  store(&message[icmp::kChecksum], static_cast<std::uint16_t>(~IpChecksum{}.add(message).sum()));
  const Reason reason = route(packet, *way, from);
  if (reason == kReasons) ++echo_answered_;
  return reason;
}

Router::Reason Router::take(std::uint8_t port, Packet& packet) {
  if (!gather(*packet, ethernet::kBytes + ipv4_header::kBytes)) return kMalformed;
  MacAddress to;
  std::memcpy(to.bytes.data(), packet->data() + ethernet::kTo, 6);
  const auto type = load<std::uint16_t>(packet->data() + ethernet::kType);
  const bool to_us = to == ports_[port].mac;
  if (type == ethernet::kArp && (to_us || to == ethernet::kAll)) {
    return take_arp(port, packet, !to_us);
  }
  if (!to_us) return kForOthers;
  return type == ethernet::kIpv4 ? take_ipv4(port, packet) : kOtherProtocol;
}

void Router::do_push(std::uint16_t input, PacketBatch& batch) {
  now_ = clock::now();
  if (waiting_count_ > 0 && now_ - waiting_[0].since >= kPatience) settle();
  for (Packet& packet : batch.packets()) {
    const Reason reason = take(static_cast<std::uint8_t>(input), packet);
    if (reason == kReasons) continue;
    ++dropped_[reason];
    packet.reset();
  }
  pass(run_, run_port_);
  batch.clear();
}

void Router::do_report(Counters& into) const {
  into.count("forwarded", forwarded_);
  into.count("echo answered", echo_answered_);
  into.count("arp answered", arp_answered_);
  into.made("arp asked", arp_asked_);
  // Who has waited for too long is dropped with the next packet, and is so already here.
  const Nanoseconds now = clock::now();
  unsigned overdue = 0;
  while (overdue < waiting_count_ && now - waiting_[overdue].since >= kPatience) ++overdue;
  into.count("waiting", waiting_count_ - overdue);
  for (std::size_t i = 0; i < kReasons; ++i) {
    into.dropped(kNames[i], dropped_[i] + (i == kUnresolved ? overdue : 0));
  }
}

Result<void> Router::do_start() {
  for (std::uint16_t output = 0; output < shape().outputs; ++output) {
    const Element* at = behind(output);
    while (at->interface_info() == nullptr && at->shape().outputs > 0) at = at->behind(0);
    const Netdev::Info* const info = at->interface_info();
    if (info == nullptr) return fail(Errc::kInvalidArgument);
    ports_[output].mac = info->mac;
    ports_[output].mtu = info->mtu;
  }
  return {};
}

Result<void> router_element(packet_elements::Wanted& wanted);
Result<void> router_element(packet_elements::Wanted& wanted) {
  RouterPlan plan;
  TRY(read_router(wanted, plan));
  return wanted.make<Router>(plan);
}

}  // namespace atl
