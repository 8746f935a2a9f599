// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/xen/abi.hpp>
#include <atoll/xen/request_ring.hpp>
#include <cstdint>

/// What xen/include/public/io/netif.h says of the rings of a network device.
namespace atl::netdev_xen {

using SendRing = xen::RequestRing<netif_tx_request, netif_tx_response>;
using ReceiveRing = xen::RequestRing<netif_rx_request, netif_rx_response>;

/// Pieces that a packet may be in: what every backend takes (XEN_NETIF_NR_SLOTS_MIN), and
/// enough for the longest one.
inline constexpr std::size_t kMostPieces = XEN_NETIF_NR_SLOTS_MIN;

}  // namespace atl::netdev_xen
