// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/buffer_pool.hpp>
#include <cstring>

#include "router.hpp"
#include "wire.hpp"

namespace atl {

namespace {

/// For which an answer is believed, and when before its end the question is put again, so that
/// packets need not wait (RFC 1122 §2.3.2.1 has a minute).
constexpr Nanoseconds kMemory = 60_s;
constexpr Nanoseconds kRefresh = 15_s;
/// At most one question in this time for each address (RFC 1122 §2.3.2.1).
constexpr Nanoseconds kBetweenQuestions = 1_s;

}  // namespace

void Router::write_arp(std::byte* frame, std::uint8_t port, const MacAddress& to, Ipv4 address,
                       std::uint16_t operation) {
  const RouterPort& own = ports_[port];
  std::byte* const message = frame + ethernet::kBytes;
  std::memcpy(frame + ethernet::kTo, to.bytes.data(), 6);
  std::memcpy(frame + ethernet::kFrom, own.mac.bytes.data(), 6);
  store(frame + ethernet::kType, ethernet::kArp);
  std::memcpy(message, arp::kBegin.data(), arp::kBegin.size());
  store(message + arp::kOperation, operation);
  std::memcpy(message + arp::kFromMac, own.mac.bytes.data(), 6);
  store(message + arp::kFrom, own.address);
  std::memcpy(message + arp::kToMac, to.bytes.data(), 6);
  store(message + arp::kTo, address);
}

void Router::ask(std::uint8_t port, Ipv4 hop, BufferPool& pool) {
  Packet question = pool.allocate();
  if (!question) return;
  std::byte* const frame = question->append(ethernet::kBytes + arp::kBytes);
  write_arp(frame, port, ethernet::kAll, hop, arp::kQuestion);
  std::memset(frame + ethernet::kBytes + arp::kToMac, 0, 6);  // RFC 5227 §2.1.1
  ++arp_asked_;
  emit(question, port);
}

Neighbour* Router::resolve(std::uint8_t port, Ipv4 hop, BufferPool& pool) {
  Neighbour* neighbour = neighbours_.find(hop);
  if (neighbour != nullptr && neighbour->is_known(now_ + kRefresh)) return neighbour;
  if (neighbour == nullptr) neighbour = neighbours_.make(hop, now_);
  if (neighbour == nullptr) return nullptr;
  if (!neighbour->is_asked(now_)) {
    neighbour->asked_until = now_ + kBetweenQuestions;
    ask(port, hop, pool);
  }
  return neighbour->is_known(now_) ? neighbour : nullptr;
}

void Router::learn(Neighbour& neighbour, const MacAddress& mac) {
  neighbour.mac = mac;
  neighbour.known_until = now_ + kMemory;
  neighbour.asked_until = {};
  if (waiting_count_ > 0) settle();
}

// RFC 826, but that nobody is learned who has not asked for us or been asked for.
Router::Reason Router::take_arp(std::uint8_t port, Packet& packet, bool to_all) {
  if (!gather(*packet, ethernet::kBytes + arp::kBytes)) return kMalformed;
  const RouterPort& own = ports_[port];
  const std::byte* const message = packet->data() + ethernet::kBytes;
  if (std::memcmp(message, arp::kBegin.data(), arp::kBegin.size()) != 0) return kArpRefused;
  if (load<Ipv4>(message + arp::kTo) != own.address) return kArpForOthers;
  const auto operation = load<std::uint16_t>(message + arp::kOperation);
  const auto from = load<Ipv4>(message + arp::kFrom);
  MacAddress mac;
  std::memcpy(mac.bytes.data(), message + arp::kFromMac, 6);
  const bool is_group = (mac.bytes[0] & 1) != 0;
  const bool is_host = own.network.has_host(from) && from != own.address;
  Neighbour* neighbour = neighbours_.find(from);
  if (operation == arp::kAnswer && is_host && !is_group && !to_all && neighbour != nullptr &&
      neighbour->is_asked(now_)) {
    learn(*neighbour, mac);
    return kArpTaken;
  }
  // RFC 5227 §2.1.1: who has no address yet asks whether somebody has it.
  if (operation != arp::kQuestion || is_group || (!is_host && from != 0)) return kArpRefused;
  if (from != 0) {
    if (neighbour == nullptr) neighbour = neighbours_.make(from, now_);
    if (neighbour != nullptr) learn(*neighbour, mac);
  }
  if (!make_own(packet)) return kNoBuffer;
  write_arp(packet->data(), port, mac, from, arp::kAnswer);
  ++arp_answered_;
  emit(packet, port);
  return kReasons;
}

}  // namespace atl
