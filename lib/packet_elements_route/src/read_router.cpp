// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/bits.hpp>
#include <atoll/ip_address.hpp>

#include "router.hpp"

namespace atl {

namespace {

using packet_elements::Wanted;

struct Masked {
  Ipv4 address = 0;
  Ipv4 mask = 0;
};

/// `text` as 198.18.0.2/24, or without the bits where it is `bare`. kInvalidArgument.
Result<Masked> read_masked(Wanted& wanted, std::string_view text, bool bare) {
  const auto prefix = parse_ip_prefix(text);
  if (!prefix.ok() || prefix.value().address.six ||
      (text.find('/') == std::string_view::npos) != bare) {
    return wanted.refuse("addresses are {} here, not `{}`", bare ? "198.18.0.2" : "198.18.0.2/24",
                         text);
  }
  const unsigned bits = prefix.value().bits;
  return Masked{load_big<Ipv4>(prefix.value().address.bytes),
                bits == 0 ? 0 : ~Ipv4{0} << (32 - bits)};
}

Error refuse_host(Wanted& wanted, std::string_view text) {
  return wanted.refuse("`{}` is no host's address in its network", text);
}

Result<void> read_address(Wanted& wanted, std::string_view text, const Masked& read,
                          RouterPlan& into) {
  const Route network{.network = read.address & read.mask,
                      .mask = read.mask,
                      .port = static_cast<std::uint8_t>(into.count)};
  if (!network.has_host(read.address)) return refuse_host(wanted, text);
  if (into.routes.overlapping(network.network, network.mask) != nullptr) {
    return wanted.refuse("`{}` is in a network that another address here has", text);
  }
  if (into.count == Routes::kMostPorts) {
    return wanted.refuse("a router has at most {} addresses", into.count);
  }
  into.ports[into.count++] = {.address = read.address, .network = network};
  into.routes.add(network);
  into.routes.add({.network = read.address, .mask = ~Ipv4{0}, .port = network.port, .ours = true});
  return {};
}

Result<void> read_route(Wanted& wanted, std::string_view text, const Masked& read,
                        RouterPlan& into) {
  if ((read.address & ~read.mask) != 0) {
    return wanted.refuse("`{}` has bits behind its prefix: a route is to all of a network", text);
  }
  if (into.routes.has(read.address, read.mask)) {
    return wanted.refuse("there is a route to `{}` already", text);
  }
  if (into.static_routes++ == Routes::kMostStatic) {
    return wanted.refuse("a router has at most {} routes", Routes::kMostStatic);
  }
  wanted.take("via");
  const std::string_view hop = wanted.word();
  const Ipv4 address = TRY(read_masked(wanted, hop, true)).address;
  const Route* const network = into.routes.overlapping(address, ~Ipv4{0});
  if (network == nullptr) {
    return wanted.refuse("`{}` is in no network whose address stands in front", hop);
  }
  if (into.ports[network->port].address == address) {
    return wanted.refuse("`{}` is the router itself: a route leads to another one", hop);
  }
  if (!network->has_host(address)) return refuse_host(wanted, hop);
  into.routes.add(
      {.network = read.address, .mask = read.mask, .next_hop = address, .port = network->port});
  return {};
}

}  // namespace

Result<void> read_router(Wanted& wanted, RouterPlan& into) {
  do {
    const std::string_view text = wanted.word();
    const Masked read = TRY(read_masked(wanted, text, false));
    const bool is_route = wanted.look() == "via";
    TRY(is_route ? read_route(wanted, text, read, into) : read_address(wanted, text, read, into));
  } while (wanted.take_comma());
  return {};
}

}  // namespace atl
