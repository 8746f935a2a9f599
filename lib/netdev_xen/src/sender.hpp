// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/netdev.hpp>
#include <atoll/xen/grants.hpp>
#include <span>
#include <string_view>

#include "format.hpp"
#include "pages.hpp"

namespace atl::netdev_xen {

/// The sending side of a queue ("Guest transmit" in netif.h). The backend gets to read the
/// pages of a packet, and no others: what lies in buffers that share a page with others, in more
/// pieces than a packet may have, or has not all headers in the first of them, is copied into
/// pages of the pool.
class Sender {
 public:
  using Outcome = Netdev::Outcome;

  /// At most `depth` entries of the ring are in use at a time. With `standing` grants every packet
  /// is copied, into as many pages of the pool, which the backend may read all the time.
  Sender(xen::DomainId backend, BufferPool& pool, std::uint32_t depth, bool standing)
      : backend_(backend), pool_(pool), depth_(depth), standing_(standing) {}
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  /// Makes the ring; once, before all others. kNoMemory, also where the pool has too few pages.
  Result<void> create();
  /// Takes back all that the backend was lent. False where it still uses some of it, which stays
  /// as it is.
  bool take_back();

  /// Gives back what has been sent; whether there was any.
  bool collect();
  /// Adds `packet` of so many bytes, which then is null, to what the backend is shown by
  /// publish(). Where it is not taken it is as it was.
  Outcome add(Packet& packet, std::uint64_t length);
  /// True where the backend wants to be told.
  bool publish() { return ring_.publish(); }

  /// False where something has been sent already.
  bool ask_for_event() { return !ring_.ask_for_event(); }
  /// Entries of the ring in use.
  [[nodiscard]] std::uint32_t under_way() const { return SendRing::kSize - ring_.room(); }
  /// Packets of which it has not been said that they were sent.
  [[nodiscard]] std::uint64_t packets_under_way() const;
  [[nodiscard]] xen::GrantRef ring_ref() const { return page_.ref(); }
  /// What the backend broke; empty where nothing.
  [[nodiscard]] std::string_view fault() const { return fault_; }

  Netdev::Statistics counts;

 private:
  struct Piece {
    DeviceAddr address;
    std::uint16_t bytes = 0;
    xen::GrantRef ref = 0;
  };
  struct Pieces {
    std::array<Piece, kMostPieces> room;
    std::size_t count = 0;
  };
  /// A piece of which the backend has not said that it was sent. Each has a handle on the packet,
  /// or is a page of a standing grant.
  struct Lent {
    xen::GrantRef ref = 0;
    bool begins = false;  // the packet
    Buffer* packet = nullptr;
  };

  static bool collect_pieces(const Buffer& packet, Pieces& into);
  Packet copy(const Buffer& packet);
  Outcome add_pieces(Packet& packet, std::uint64_t length, Pieces& pieces);
  Outcome add_copied(Packet& packet, std::uint64_t length);
  void put_all(std::span<const Piece> pieces, const Offload& offload, std::uint64_t length,
               std::span<Buffer* const> handles);
  bool lend_all(std::span<Piece> pieces);
  void put(const netif_tx_request& request) { static_cast<void>(ring_.put(request)); }
  bool complete(const netif_tx_response& response);

  xen::DomainId backend_;
  BufferPool& pool_;
  std::uint32_t depth_;
  bool standing_;
  RingPage page_;
  SendRing ring_;
  xen::PendingRequests<Lent, SendRing::kSize> lent_;
  std::array<Lent, SendRing::kSize> spare_;  // of standing grants
  std::size_t spares_ = 0;
  std::uint32_t extras_ = 0;  // entries of the ring that were no pieces
  std::string_view fault_;
};

}  // namespace atl::netdev_xen
