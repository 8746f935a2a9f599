// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <array>
#include <atoll/alloc.hpp>
#include <atoll/interrupt_mask.hpp>
#include <atoll/netdev_loopback.hpp>
#include <cstring>
#include <memory>

namespace atl {

namespace {

/// `count` null packets; none without memory.
std::span<Packet> allocate_packets(std::uint16_t count) {
  auto* const packets = static_cast<Packet*>(default_allocator().allocate(sizeof(Packet) * count));
  if (packets == nullptr) return {};
  for (std::uint16_t i = 0; i < count; ++i) std::construct_at(&packets[i]);
  return {packets, count};
}

void free_packets(std::span<Packet> packets) {
  for (Packet& packet : packets) packet.reset();
  default_allocator().free(packets.data());
}

}  // namespace

Result<Netdev::Agreed> NetdevLoopback::do_open(const Settings& settings) {
  Inbox fresh;
  fresh.empties = allocate_packets(settings.depth);
  fresh.arrived = allocate_packets(settings.depth);
  fresh.empty = static_cast<std::uint16_t>(settings.pool->allocate(fresh.empties));
  if (fresh.arrived.empty() || fresh.empty < settings.depth) {
    free_packets(fresh.empties);
    free_packets(fresh.arrived);
    return fail(Errc::kNoMemory);
  }
  fresh.open = true;
  inbox_.with([&](Inbox& inbox) {
    fresh.counts = inbox.counts;
    inbox = fresh;
  });
  return Agreed{1, 0};
}

bool NetdevLoopback::do_close() {
  const auto [empties, arrived] = inbox_.with([](Inbox& inbox) {
    const std::pair spans{inbox.empties, inbox.arrived};
    const Statistics counts = inbox.counts;
    inbox = {};
    inbox.counts = counts;
    return spans;
  });
  free_packets(empties);
  free_packets(arrived);
  return true;
}

bool NetdevLoopback::do_has_link() {
  return peer_->inbox_.with([](const Inbox& inbox) { return inbox.open; });
}

Netdev::Statistics NetdevLoopback::do_statistics() const {
  Statistics all = inbox_.with([](const Inbox& inbox) { return inbox.counts; });
  const Statistics sent = sent_.with([](const Statistics& counts) { return counts; });
  all.sent = sent.sent;
  all.sent_bytes = sent.sent_bytes;
  all.send_malformed = sent.send_malformed;
  return all;
}

Packet NetdevLoopback::take_empty(std::uint64_t length) {
  return inbox_.with([&](Inbox& inbox) {
    Packet packet;
    if (!inbox.open) return packet;
    const std::uint64_t room = settings().pool->buffer_bytes() - Buffer::kHeadroom;
    const std::uint64_t needed = std::max<std::uint64_t>((length + room - 1) / room, 1);
    if (needed > inbox.empty || inbox.waiting == inbox.arrived.size()) {
      ++inbox.counts.receive_no_buffer;
      return packet;
    }
    for (std::uint64_t left = needed; left > 0; --left) {
      Packet first = std::move(inbox.empties[--inbox.empty]);
      if (packet) first->link(std::move(packet));
      packet = std::move(first);
    }
    return packet;
  });
}

void NetdevLoopback::arrive(Packet packet) {
  const bool tell = inbox_.with([&](Inbox& inbox) {
    // It may have been closed meanwhile.
    if (!inbox.open || inbox.waiting == inbox.arrived.size()) return false;
    inbox.arrived[(inbox.first + inbox.waiting++) % inbox.arrived.size()] = std::move(packet);
    return std::exchange(inbox.armed, false);
  });
  if (!tell || settings().event.call == nullptr) return;
  // As a device's interrupt would.
  const InterruptMask mask;
  settings().event.call(settings().event.context, 0);
}

void NetdevLoopback::deliver(const Buffer& packet) {
  const std::uint64_t length = packet_length(packet);
  Packet copy = take_empty(length);
  if (!copy) return;
  Buffer* into = copy.get();
  for (const Buffer* from = &packet; from != nullptr; from = from->next()) {
    for (std::span<const std::byte> left = from->bytes(); !left.empty();) {
      if (into->tailroom() == 0) into = into->next();
      const auto part =
          static_cast<std::uint32_t>(std::min<std::size_t>(left.size(), into->tailroom()));
      std::memcpy(into->append(part), left.data(), part);
      left = left.subspan(part);
    }
  }
  arrive(std::move(copy));
}

std::size_t NetdevLoopback::do_send(std::uint16_t /*queue*/, std::span<Packet> packets) {
  Statistics counts;
  for (Packet& packet : packets) {
    const std::uint64_t length = packet_length(*packet);
    if (may_send(length, packet->offload)) {
      ++counts.sent;
      counts.sent_bytes += length;
      peer_->deliver(*packet);
    } else {
      ++counts.send_malformed;
    }
    packet.reset();
  }
  sent_.with([&](Statistics& all) {
    all.sent += counts.sent;
    all.sent_bytes += counts.sent_bytes;
    all.send_malformed += counts.send_malformed;
  });
  return packets.size();
}

void NetdevLoopback::do_collect(std::uint16_t /*queue*/) {}

std::size_t NetdevLoopback::do_receive(std::uint16_t /*queue*/, std::span<Packet> into) {
  const auto count = inbox_.with([&](Inbox& inbox) {
    const auto got = static_cast<std::uint16_t>(std::min<std::size_t>(into.size(), inbox.waiting));
    for (Packet& packet : into.first(got)) {
      packet = std::move(inbox.arrived[inbox.first]);
      inbox.first = static_cast<std::uint16_t>((inbox.first + 1) % inbox.arrived.size());
    }
    inbox.waiting = static_cast<std::uint16_t>(inbox.waiting - got);
    return got;
  });
  // Packets are dropped before there is nothing to receive into.
  std::span<Packet> got = into.first(count);
  std::uint64_t dropped = 0;
  while (refill() < settings().depth / 4 && !got.empty()) {
    got.back().reset();
    got = got.first(got.size() - 1);
    ++dropped;
  }
  std::uint64_t bytes = 0;
  for (const Packet& packet : got) bytes += packet_length(*packet);
  inbox_.with([&](Inbox& inbox) {
    inbox.counts.received += got.size();
    inbox.counts.received_bytes += bytes;
    inbox.counts.receive_no_buffer += dropped;
  });
  return got.size();
}

std::size_t NetdevLoopback::refill() {
  std::array<Packet, 16> fresh;
  for (;;) {
    const std::size_t missing = inbox_.with(
        [](const Inbox& inbox) { return inbox.empties.size() - inbox.empty - inbox.waiting; });
    const std::size_t got =
        settings().pool->allocate(std::span{fresh}.first(std::min(missing, fresh.size())));
    const std::size_t empty = inbox_.with([&](Inbox& inbox) {
      for (Packet& packet : std::span{fresh}.first(got)) {
        inbox.empties[inbox.empty++] = std::move(packet);
      }
      return std::size_t{inbox.empty} + inbox.waiting;
    });
    if (got < fresh.size()) return empty;
  }
}

bool NetdevLoopback::do_arm(std::uint16_t /*queue*/, unsigned wishes) {
  // What is sent is gone at once.
  if ((wishes & kSend) != 0) return false;
  return inbox_.with([](Inbox& inbox) {
    inbox.armed = inbox.waiting == 0;
    return inbox.armed;
  });
}

void NetdevLoopback::do_disarm(std::uint16_t /*queue*/, unsigned wishes) {
  if ((wishes & kReceive) == 0) return;
  inbox_.with([](Inbox& inbox) { inbox.armed = false; });
}

}  // namespace atl
