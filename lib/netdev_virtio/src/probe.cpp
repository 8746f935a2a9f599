// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <atoll/config/netdev_virtio.hpp>
#include <atoll/log.hpp>
#include <atoll/netdev.hpp>
#include <atoll/virtio.hpp>

#include "driver.hpp"

namespace atl {

namespace netdev_virtio {
namespace {

constexpr std::uint64_t kOffloads = feature::kChecksum | feature::kGuestChecksum |
                                    feature::kGuestTcp4 | feature::kGuestTcp6 | feature::kHostTcp4 |
                                    feature::kHostTcp6;

/// What the device says of itself, which has agreed on `features`.
Result<Netdev::Info> read_info(const virtio::Device& device, std::uint64_t features) {
  Netdev::Info info;
  TRY(device.read_config(config::kMac, std::as_writable_bytes(std::span{info.mac.bytes}), 1));
  constexpr unsigned kGroup = 1;  // IEEE 802 §8.2.2: an address of many stations
  if ((info.mac.bytes[0] & kGroup) != 0) return fail(Errc::kProtocol);
  if ((features & feature::kMtu) != 0) {
    constexpr std::uint16_t kSmallest = 68;  // §5.1.4.1
    info.mtu = TRY(device.read_config<std::uint16_t>(config::kMtu));
    if (info.mtu < kSmallest) return fail(Errc::kProtocol);
  }
  info.offloads = Driver<virtio::SplitRing>::offloads_of(features);
  // What does not fit into one buffer comes in several, where the device can do that.
  const std::uint32_t longest = Buffer::kHeadroom + info.mtu + Netdev::kHeader + Netdev::kTag;
  if (longest > info.buffer_bytes && (features & feature::kMergeable) == 0) {
    info.buffer_bytes = static_cast<std::uint32_t>(PageCount::holding(longest).bytes());
  }
  return info;
}

/// Pairs of queues that the device, which has agreed on `features`, can have. One where what it
/// says of several makes no sense.
Result<std::uint16_t> read_most_pairs(virtio::Device& device, std::uint64_t features) {
  constexpr std::uint64_t kSeveral = feature::kMultiqueue | feature::kControl;
  if ((features & kSeveral) != kSeveral) return std::uint16_t{1};
  constexpr std::uint16_t kMost = 0x7fff;  // behind whose queues there is a number for another one
  const auto pairs = TRY(device.read_config<std::uint16_t>(config::kMostPairs));
  const bool sensible = pairs != 0 && pairs <= kMost;
  if (sensible && device.largest_queue(control_queue(pairs)).ok()) return pairs;
  log::warning("netdev_virtio", "{}: one queue is used, since it has {} and none to control them",
               device.name(), pairs);
  return std::uint16_t{1};
}

// What may be agreed on beside split ones, which every device has.
constexpr std::uint64_t kRings =
    atl::config::netdev_virtio::kPacked ? virtio::feature::kPackedRing : std::uint64_t{0};

template <typename Ring>
Result<void> add(virtio::Device& device, const Netdev::Info& info, std::uint16_t most_pairs) {
  Netdev& made = *TRY(make<Driver<Ring>>(device, info, most_pairs)).release();
  netdev::add(made);
  log::info("netdev_virtio", "{}: {}", device.name(), made.name());
  return {};
}

}  // namespace
}  // namespace netdev_virtio

Result<void> netdev_virtio_probe(virtio::Device& device) {
  using namespace netdev_virtio;
  const std::uint64_t features = TRY(device.negotiate(
      feature::kMac, kOffloads | feature::kMtu | feature::kStatus | feature::kMergeable |
                         feature::kControl | feature::kMultiqueue | kRings));
  Netdev::Info info = TRY(read_info(device, features));
  const std::uint16_t pairs = TRY(read_most_pairs(device, features));
  info.queues = std::min(pairs, Driver<virtio::SplitRing>::kMostQueues);
  // Until it is opened it stands still.
  TRY(device.reset());
  if constexpr (kRings != 0) {
    if ((features & kRings) != 0) return add<virtio::PackedRing>(device, info, pairs);
  }
  return add<virtio::SplitRing>(device, info, pairs);
}

}  // namespace atl
