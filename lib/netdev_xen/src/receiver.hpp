// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/netdev.hpp>
#include <atoll/xen/grants.hpp>
#include <string_view>

#include "format.hpp"
#include "pages.hpp"

namespace atl::netdev_xen {

/// The receiving side of a queue ("Guest receive" in netif.h): pages that wait for packets, and
/// packets put together from those that come back. What is looked at the backend cannot change
/// any more: a page that it has lost, or a copy.
class Receiver {
 public:
  using Arrived = Netdev::Arrived;

  /// The backend has at most `depth` pages at a time; `checksums` is whether what it says of
  /// them was agreed on. With `standing` grants these stay its own, and what comes is copied.
  Receiver(xen::DomainId backend, BufferPool& pool, std::uint32_t depth, bool checksums,
           bool standing)
      : backend_(backend), pool_(pool), depth_(depth), checksums_(checksums), standing_(standing) {}
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  /// Makes the ring; once, before all others.
  Result<void> create();
  /// Takes back all that the backend was lent. False where it still uses some of it, which stays
  /// as it is.
  bool take_back();

  /// The next packet; a null one where there is none, or where the backend has broken something.
  Arrived next();
  /// Gives the backend pages until it has as many as it may, or the pool has no more: how many
  /// it has. It learns of them by publish().
  std::size_t fill();
  /// True where the backend wants to be told.
  bool publish() { return ring_.publish(); }

  /// False where something has come already.
  bool ask_for_event() { return !ring_.ask_for_event(); }
  [[nodiscard]] std::uint32_t depth() const { return depth_; }
  [[nodiscard]] xen::GrantRef ring_ref() const { return page_.ref(); }
  /// What the backend broke; empty where nothing.
  [[nodiscard]] std::string_view fault() const { return fault_; }

  Netdev::Statistics counts;

 private:
  /// A page that the backend has, by the entry of the ring that its request stands in.
  struct Lent {
    xen::GrantRef ref = 0;
    Buffer* buffer = nullptr;
  };

  bool add_some();
  void put(Lent page);
  bool take_piece(std::uint32_t entry, const netif_rx_response& response);
  Packet copy(Lent page, std::uint32_t offset, std::uint32_t bytes);
  void add_part(Packet part);
  void take_extra(const netif_extra_info& extra);
  Arrived finish();
  void describe(Buffer& first);

  xen::DomainId backend_;
  BufferPool& pool_;
  std::uint32_t depth_;
  bool checksums_;
  bool standing_;
  RingPage page_;
  ReceiveRing ring_;
  std::array<Lent, ReceiveRing::kSize> lent_;
  std::string_view fault_;

  // A packet of which a part has come.
  Packet packet_;
  Buffer* last_ = nullptr;
  std::size_t pieces_ = 0;
  std::uint64_t length_ = 0;
  std::uint16_t flags_ = 0;  // of the first piece
  std::uint16_t segment_bytes_ = 0;
  std::uint8_t segments_ = XEN_NETIF_GSO_TYPE_NONE;
  bool more_ = false;    // pieces are to come
  bool extras_ = false;  // before them, entries that are none
  bool sound_ = true;
  bool starved_ = false;  // there was no buffer for a copy
};

}  // namespace atl::netdev_xen
