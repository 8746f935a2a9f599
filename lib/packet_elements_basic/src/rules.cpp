// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "rules.hpp"

#include <atoll/parse.hpp>
#include <cstring>

namespace atl {

namespace {

using packet_elements::Wanted;

struct Word {
  std::string_view text;
  std::uint16_t type;     // 0: any of IP's
  std::uint8_t protocol;  // 0: any
};
constexpr std::array kWords{
    Word{"arp", Headers::kArp, 0},
    Word{"icmp", Headers::kIpv4, Headers::kIcmp},
    Word{"icmp6", Headers::kIpv6, Headers::kIcmp6},
    Word{"ip4", Headers::kIpv4, 0},
    Word{"ip6", Headers::kIpv6, 0},
    Word{"tcp", 0, Headers::kTcp},
    Word{"udp", 0, Headers::kUdp},
};

/// `53` or `1024-65535`.
Result<Span16> read_ports(Wanted& wanted) {
  std::string_view text = wanted.word();
  const std::string_view whole = text;
  const std::size_t dash = text.find('-');
  const std::string_view first{text.data(), dash == std::string_view::npos ? text.size() : dash};
  if (dash != std::string_view::npos) text.remove_prefix(dash + 1);
  const auto from = parse_number(first, 0xffff);
  const auto to = parse_number(text, 0xffff);
  if (!from.ok() || !to.ok() || from.value() > to.value()) {
    return wanted.refuse("ports are a number as 53, or two as 1024-65535, not `{}`", whole);
  }
  return Span16{static_cast<std::uint16_t>(from.value()), static_cast<std::uint16_t>(to.value())};
}

Result<Prefix> read_prefix(Wanted& wanted) {
  const std::string_view text = wanted.word();
  if (const auto read = parse_ip_prefix(text); read.ok()) {
    if (const auto prefix = make_prefix(read.value())) return *prefix;
  }
  return wanted.refuse(
      "addresses are one as 198.18.0.1 or fd00:18::1, or a prefix as "
      "198.18.0.0/24 with zeros behind it, not `{}`",
      text);
}

Result<bool> read_condition(Wanted& wanted, Rule& rule) {
  for (const Word& one : kWords) {
    if (!wanted.take(one.text)) continue;
    if (one.type != 0) rule.asks |= Rule::kType, rule.type = one.type;
    if (one.protocol != 0) rule.asks |= Rule::kProtocol, rule.protocol = one.protocol;
    return true;
  }
  if (wanted.take("type")) {
    rule.type = static_cast<std::uint16_t>(TRY(wanted.number("an EtherType", 0x600, 0xffff)));
    rule.asks |= Rule::kType;
  } else if (wanted.take("vlan")) {
    rule.vlan = static_cast<std::uint16_t>(TRY(wanted.number("a VLAN", 0, 4'094)));
    rule.asks |= Rule::kVlan;
  } else if (wanted.take("from")) {
    rule.from = TRY(read_prefix(wanted));
    rule.asks |= Rule::kFrom;
  } else if (wanted.take("to")) {
    rule.to = TRY(read_prefix(wanted));
    rule.asks |= Rule::kTo;
  } else if (wanted.take("from_port")) {
    rule.from_port = TRY(read_ports(wanted));
    rule.asks |= Rule::kFromPort;
  } else if (wanted.take("to_port")) {
    rule.to_port = TRY(read_ports(wanted));
    rule.asks |= Rule::kToPort;
  } else if (wanted.take("port")) {
    rule.to_port = TRY(read_ports(wanted));
    rule.asks |= Rule::kAnyPort;
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::optional<Prefix> make_prefix(const IpPrefix& read) {
  Prefix made;
  made.ipv6 = read.address.six;
  const std::size_t front = made.address.size() - read.address.size();
  std::memcpy(&made.address[front], read.address.bytes.data(), read.address.size());
  for (unsigned bit = 0; bit < read.bits; ++bit) {
    std::uint8_t& byte = made.mask[front + bit / 8];
    byte = static_cast<std::uint8_t>(byte | 0x80 >> bit % 8);
  }
  for (std::size_t i = 0; i < made.address.size(); ++i) {
    if ((made.address[i] & ~made.mask[i]) != 0) return std::nullopt;
  }
  return made;
}

bool Rule::holds(const Headers& headers) const {
  if ((asks & kVlan) != 0 && (headers.tags == 0 || headers.vlan != vlan)) return false;
  if ((asks & kType) != 0 && headers.type != type) return false;
  if ((asks & kProtocol) != 0 && (!headers.internet || headers.protocol != protocol)) return false;
  if ((asks & (kFrom | kTo)) != 0) {
    const bool ipv6 = headers.type == Headers::kIpv6;
    if (!headers.internet) return false;
    if ((asks & kFrom) != 0 && (from.ipv6 != ipv6 || !from.holds(headers.from))) return false;
    if ((asks & kTo) != 0 && (to.ipv6 != ipv6 || !to.holds(headers.to))) return false;
  }
  if ((asks & (kFromPort | kToPort | kAnyPort)) == 0) return true;
  if (!headers.ports) return false;
  if ((asks & kFromPort) != 0 && !from_port.holds(headers.from_port)) return false;
  if ((asks & kToPort) != 0 && !to_port.holds(headers.to_port)) return false;
  return (asks & kAnyPort) == 0 || to_port.holds(headers.from_port) ||
         to_port.holds(headers.to_port);
}

Result<void> read_rules(Wanted& wanted, Rules& into) {
  do {
    const bool allow = wanted.take("allow");
    if (!allow && !wanted.take("deny")) {
      const std::string_view text = wanted.word();
      return wanted.refuse("a rule begins with `allow` or `deny`, not `{}`", text);
    }
    if (into.count == into.rules.size()) {
      return wanted.refuse("a filter has at most {} rules: a second one can follow", into.count);
    }
    Rule& rule = into.rules[into.count++];
    rule.allow = allow;
    while (TRY(read_condition(wanted, rule))) {
    }
    if ((rule.asks & Rule::kAnyPort) != 0 && (rule.asks & Rule::kToPort) != 0) {
      return wanted.refuse("`port` is either port: it goes with neither `to_port` nor another");
    }
    if (const std::string_view text = wanted.look(); !text.empty()) {
      static_cast<void>(wanted.word());
      return wanted.refuse(
          "`{}` is no condition; there are: arp icmp icmp6 ip4 ip6 tcp udp type "
          "vlan from to from_port to_port port",
          text);
    }
  } while (wanted.take_comma());
  return {};
}

}  // namespace atl
