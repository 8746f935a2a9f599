// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "connection.hpp"

#include <algorithm>
#include <atoll/config/netdev_xen.hpp>
#include <atoll/format.hpp>
#include <atoll/log.hpp>

namespace atl::netdev_xen {

namespace {

/// A number of the backend's; `otherwise` where it says none.
Result<std::uint64_t> number(const xenbus::Device& device, std::string_view key,
                             std::uint64_t otherwise, std::uint64_t largest = 1) {
  const auto found = device.read_backend_number(key, largest);
  if (found.ok()) return found.value();
  if (found.error() == Errc::kNoEntry) return otherwise;
  return fail(found.error());
}

Result<bool> flag(const xenbus::Device& device, std::string_view key, bool otherwise = false) {
  return TRY(number(device, key, otherwise ? 1 : 0)) != 0;
}

// The keys of a queue, with two channels or with one.
constexpr std::string_view kSendRef = "tx-ring-ref", kReceiveRef = "rx-ring-ref",
                           kChannel = "event-channel", kSendChannel = "event-channel-tx",
                           kReceiveChannel = "event-channel-rx";

}  // namespace

Result<Backend> Backend::read(const xenbus::Device& device) {
  if (!TRY(flag(device, "feature-rx-copy"))) {
    log::error("netdev_xen", "{}: its backend cannot copy what is received (feature-rx-copy)",
               device.node());
    return fail(Errc::kNotSupported);
  }
  Backend backend;
  backend.split_channels = TRY(flag(device, "feature-split-event-channels"));
  constexpr std::uint64_t kAny = 0xffff'ffff;
  const std::uint64_t queues = TRY(number(device, "multi-queue-max-queues", 0, kAny));
  backend.many_queues = queues > 0;
  backend.queues =
      static_cast<std::uint16_t>(std::clamp<std::uint64_t>(queues, 1, config::netdev_xen::kQueues));
  // What it sends us it can always compute, and put together from pieces.
  backend.offloads = Netdev::kReceiveChecksum | Netdev::kReceiveLarge;
  const bool pieces = TRY(flag(device, "feature-sg"));
  // A packet says nothing of its kind, so that both kinds are needed.
  if (!TRY(flag(device, "feature-no-csum-offload")) &&
      TRY(flag(device, "feature-ipv6-csum-offload"))) {
    backend.offloads |= Netdev::kSendChecksum;
    if (pieces && TRY(flag(device, "feature-gso-tcpv4"))) backend.offloads |= Netdev::kSendTcp4;
    if (pieces && TRY(flag(device, "feature-gso-tcpv6"))) backend.offloads |= Netdev::kSendTcp6;
  }
  return backend;
}

Result<void> Channel::open(xen::DomainId backend, irq::Handler handler, void* context) {
  const xen::Port port = TRY(xen::open_port(backend));
  const auto connected = xen::events().connect(port, irq::Trigger::kEdgeRising, handler, context);
  if (!connected.ok()) {
    static_cast<void>(xen::close_port(port));
    return fail(connected.error());
  }
  port_ = port;
  return {};
}

void Channel::close() {
  if (port_ == 0) return;
  xen::events().disconnect(port_);
  static_cast<void>(xen::close_port(port_));
  port_ = 0;
}

void Pair::notify_sending() {
  ++sender.counts.notifications;
  xen::notify(sending.port());
}

void Pair::notify_receiving() {
  ++receiver.counts.notifications;
  xen::notify(receiving.port() != 0 ? receiving.port() : sending.port());
}

Result<void> write_wishes(const xenbus::Device& device, const Backend& backend,
                          const Netdev::Settings& settings) {
  const bool checksums = (settings.offloads & Netdev::kReceiveChecksum) != 0;
  const bool large = (settings.offloads & Netdev::kReceiveLarge) != 0;
  const struct {
    std::string_view key;
    bool value;
  } wishes[] = {
      {"request-rx-copy", true},
      {"feature-rx-notify", true},
      {"feature-sg", true},
      {"feature-no-csum-offload", !checksums},
      {"feature-ipv6-csum-offload", checksums},
      {"feature-gso-tcpv4", large},
      {"feature-gso-tcpv6", large},
  };
  for (const auto& wish : wishes) TRY(device.write_number(wish.key, wish.value ? 1 : 0));
  if (!backend.many_queues) return {};
  return device.write_number("multi-queue-num-queues", settings.queues);
}

namespace {

// Of one queue the keys are the device's own.
Result<xenbus::Path> directory(std::uint16_t index) {
  std::array<char, 12> room;
  return xenbus::Path::make(TextWriter{room}.text("queue-").decimal(index).view());
}

Result<void> write_number(const xenbus::Device& device, std::uint16_t index, std::uint16_t queues,
                          std::string_view key, std::uint64_t value) {
  if (queues == 1) return device.write_number(key, value);
  const auto where = TRY(directory(index));
  const auto path = TRY(xenbus::Path::make(where.view(), key));
  return device.write_number(path.view(), value);
}

}  // namespace

Result<void> write_queue(const xenbus::Device& device, const Pair& pair, std::uint16_t index,
                         std::uint16_t queues) {
  TRY(write_number(device, index, queues, kSendRef, pair.sender.ring_ref()));
  TRY(write_number(device, index, queues, kReceiveRef, pair.receiver.ring_ref()));
  if (pair.receiving.port() == 0) {
    return write_number(device, index, queues, kChannel, pair.sending.port());
  }
  TRY(write_number(device, index, queues, kSendChannel, pair.sending.port()));
  return write_number(device, index, queues, kReceiveChannel, pair.receiving.port());
}

void remove_queue(const xenbus::Device& device, std::uint16_t index, std::uint16_t queues) {
  if (queues == 1) {
    for (const std::string_view key :
         {kSendRef, kReceiveRef, kChannel, kSendChannel, kReceiveChannel}) {
      static_cast<void>(device.remove(key));
    }
  } else if (const auto where = directory(index); where.ok()) {
    static_cast<void>(device.remove(where.value().view()));
  }
}

}  // namespace atl::netdev_xen
