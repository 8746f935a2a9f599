// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/deadline.hpp>
#include <atoll/log.hpp>
#include <atoll/netdev.hpp>
#include <atoll/parse.hpp>
#include <atoll/xenbus.hpp>

#include "driver.hpp"
#include "mac_text.hpp"

namespace atl {

namespace netdev_xen {
namespace {

// What a backend may take until it asks for keys.
constexpr Nanoseconds kPatience = 5_s;

/// What the toolstack and the backend say of the device.
Result<Netdev::Info> read_info(const xenbus::Device& device) {
  Netdev::Info info;
  std::array<char, 24> room;
  info.mac = TRY(parse_mac(TRY(device.read("mac", room))));
  constexpr std::uint32_t kSmallestMtu = 68;  // RFC 791 §3.2
  constexpr std::uint32_t kLargestMtu = XEN_NETIF_MAX_TX_SIZE - Netdev::kHeader - Netdev::kTag;
  const auto mtu = device.read("mtu", room);
  if (mtu.ok()) {
    const auto number = parse_number(mtu.value(), kLargestMtu);
    if (!number.ok() || number.value() < kSmallestMtu) return fail(Errc::kProtocol);
    info.mtu = static_cast<std::uint32_t>(number.value());
  } else if (mtu.error() != Errc::kNoEntry) {
    return fail(mtu.error());
  }
  const Backend backend = TRY(Backend::read(device));
  info.queues = backend.queues;
  info.offloads = backend.offloads;
  info.buffer_bytes = kPageSize;
  return info;
}

}  // namespace
}  // namespace netdev_xen

Result<void> netdev_xen_probe(const xenbus::Device& device) {
  using namespace netdev_xen;
  TRY(device.reopen(deadline::after(kPatience)));
  const Netdev::Info info = TRY(read_info(device));
  Driver& made = *TRY(make<Driver>(device, info, config::netdev_xen::kPersistent)).release();
  TRY(made.follow());
  netdev::add(made);
  log::info("netdev_xen", "{}: {}", device.node(), made.name());
  return {};
}

}  // namespace atl
