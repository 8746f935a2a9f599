// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/packet_elements.hpp>
#include <cstdint>

#include "neighbours.hpp"
#include "routes.hpp"

namespace atl {

/// Makes `packet` one that may be written to: a copy of its first buffer where it is shared.
/// False where there is no buffer.
bool make_own(Packet& packet);

/// A router's end of a network.
struct RouterPort {
  Ipv4 address = 0;
  Route network;
  MacAddress mac{};
  std::uint32_t mtu = 0;
};

/// What a text says of a router.
struct RouterPlan {
  std::array<RouterPort, Routes::kMostPorts> ports{};
  std::uint16_t count = 0;
  unsigned static_routes = 0;
  Routes routes;
};

/// Reads what stands behind `router`. kInvalidArgument.
Result<void> read_router(packet_elements::Wanted& wanted, RouterPlan& into);

/// `router ADDRESS/BITS, ..., NETWORK/BITS via ADDRESS, ...`: routes IPv4 (RFC 1812) between the
/// networks of its addresses, each of which is that of an input and output.
class Router final : public Element {
 public:
  explicit Router(const RouterPlan& plan)
      : Element({.inputs = plan.count, .outputs = plan.count}),
        ports_(plan.ports),
        routes_(plan.routes) {}

 private:
  /// Why a packet ends here.
  enum Reason : std::uint8_t {
    kMalformed,
    kChecksum,
    kNobody,
    kForOthers,
    kOtherProtocol,
    kForUs,
    kNoRoute,
    kExpired,
    kTooLong,
    kUnresolved,
    kNoBuffer,
    kArpForOthers,
    kArpRefused,
    kArpTaken,
    kReasons,  // it does not: it goes on, or waits
  };

  /// A packet whose next hop is asked for.
  struct Waiting {
    Packet packet;
    Ipv4 hop = 0;
    Nanoseconds since;
    std::uint8_t port = 0;
  };
  static constexpr unsigned kMostWaiting = 32;

  Reason take(std::uint8_t port, Packet& packet);
  Reason take_arp(std::uint8_t port, Packet& packet, bool to_all);
  Reason take_ipv4(std::uint8_t port, Packet& packet);
  Reason answer_echo(Packet& packet, Ipv4 from, std::uint32_t total);
  Reason route(Packet& packet, const Route& way, Ipv4 to);
  Neighbour* resolve(std::uint8_t port, Ipv4 hop, BufferPool& pool);
  void ask(std::uint8_t port, Ipv4 hop, BufferPool& pool);
  void learn(Neighbour& neighbour, const MacAddress& mac);
  void settle();
  void write_arp(std::byte* frame, std::uint8_t port, const MacAddress& to, Ipv4 address,
                 std::uint16_t operation);
  void forward(Packet& packet, std::uint8_t port, const MacAddress& to);
  void emit(Packet& packet, std::uint8_t port);

  void do_push(std::uint16_t input, PacketBatch& batch) override;
  void do_report(Counters& into) const override;
  Result<void> do_start() override;
  void do_destroy() override { destroy_in(default_allocator(), *this); }

  std::array<RouterPort, Routes::kMostPorts> ports_;
  Routes routes_;
  Neighbours neighbours_;
  Nanoseconds now_;  // of the batch
  PacketBatch run_;  // packets in a row that go to the same output, run_port_
  std::uint8_t run_port_ = 0;
  std::array<Waiting, kMostWaiting> waiting_;  // in the order in which they came
  unsigned waiting_count_ = 0;
  std::uint64_t forwarded_ = 0;  // to a neighbour, answers among them
  std::uint64_t echo_answered_ = 0;
  std::uint64_t arp_answered_ = 0;
  std::uint64_t arp_asked_ = 0;
  std::array<std::uint64_t, kReasons> dropped_{};
};

}  // namespace atl
