// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <array>
#include <atoll/alloc.hpp>
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

/// Into the buffers of `into`, which are empty and have room for it.
void copy_packet(const Buffer& packet, Buffer& into) {
  Buffer* to = &into;
  for (const Buffer* from = &packet; from != nullptr; from = from->next()) {
    for (std::span<const std::byte> left = from->bytes(); !left.empty();) {
      if (to->tailroom() == 0) to = to->next();
      const auto part =
          static_cast<std::uint32_t>(std::min<std::size_t>(left.size(), to->tailroom()));
      std::memcpy(to->append(part), left.data(), part);
      left = left.subspan(part);
    }
  }
}

}  // namespace

Result<Netdev::Agreed> NetdevLoopback::do_open(const Settings& settings) {
  for (std::uint16_t index = 0; index < settings.queues; ++index) {
    if (!open_queue(queues_[index], settings).ok()) {
      do_close();
      return fail(Errc::kNoMemory);
    }
  }
  open_queues_ = settings.queues;
  return Agreed{settings.queues, 0};
}

Result<void> NetdevLoopback::open_queue(Queue& queue, const Settings& settings) {
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
  queue.inbox.with([&](Inbox& inbox) {
    fresh.counts = inbox.counts;
    inbox = fresh;
  });
  return {};
}

bool NetdevLoopback::do_close() {
  open_queues_ = 0;
  for (Queue& queue : queues_) close_queue(queue);
  return true;
}

void NetdevLoopback::close_queue(Queue& queue) {
  const auto [empties, arrived] = queue.inbox.with([&](Inbox& inbox) {
    const std::pair spans{inbox.empties, inbox.arrived};
    const Statistics counts = inbox.counts;
    inbox = {};
    inbox.counts = counts;
    queue.armed = false;
    return spans;
  });
  free_packets(empties);
  free_packets(arrived);
}

bool NetdevLoopback::do_has_link() { return peer_->open_queues_ > 0; }

Netdev::Statistics NetdevLoopback::do_statistics() const {
  Statistics all;
  for (const Queue& queue : queues_) {
    all += queue.inbox.with([](const Inbox& inbox) { return inbox.counts; });
    all += queue.sent.with([](const Statistics& counts) { return counts; });
  }
  return all;
}

Packet NetdevLoopback::take_empty(Inbox& inbox, std::uint64_t length) const {
  const std::uint64_t room = settings().pool->buffer_bytes() - Buffer::kHeadroom;
  const std::uint64_t needed = std::max<std::uint64_t>((length + room - 1) / room, 1);
  Packet packet;
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
}

void NetdevLoopback::deliver(std::uint16_t sender, const Buffer& packet) {
  const std::uint16_t open = open_queues_;
  if (open == 0) return;
  const auto index = static_cast<std::uint16_t>(sender % open);
  Queue& queue = queues_[index];
  queue.inbox.with([&](Inbox& inbox) {
    // It may have been closed meanwhile; and may not be as long as a copy is on its way to it.
    if (!inbox.open) return;
    Packet copy = take_empty(inbox, packet_length(packet));
    if (!copy) return;
    copy_packet(packet, *copy);
    inbox.arrived[(inbox.first + inbox.waiting++) % inbox.arrived.size()] = std::move(copy);
  });
  if (queue.armed) tell(index, queue.armed);
}

std::size_t NetdevLoopback::do_send(std::uint16_t queue, std::span<Packet> packets) {
  Statistics counts;
  for (Packet& packet : packets) {
    const std::uint64_t length = packet_length(*packet);
    if (may_send(length, packet->offload)) {
      ++counts.sent;
      counts.sent_bytes += length;
      peer_->deliver(queue, *packet);
    } else {
      ++counts.send_malformed;
    }
    packet.reset();
  }
  queues_[queue].sent.with([&](Statistics& all) { all += counts; });
  return packets.size();
}

void NetdevLoopback::do_collect(std::uint16_t /*queue*/) {}

std::size_t NetdevLoopback::do_receive(std::uint16_t index, std::span<Packet> into) {
  Queue& queue = queues_[index];
  const auto count = queue.inbox.with([&](Inbox& inbox) {
    const auto got = static_cast<std::uint16_t>(std::min<std::size_t>(into.size(), inbox.waiting));
    for (Packet& packet : into.first(got)) {
      packet = std::move(inbox.arrived[inbox.first]);
      inbox.first = static_cast<std::uint16_t>((inbox.first + 1) % inbox.arrived.size());
    }
    inbox.waiting = static_cast<std::uint16_t>(inbox.waiting - got);
    return got;
  });
  const std::span<Packet> got =
      drop_for_room(into.first(count), settings().depth / 4u, [&] { return refill(queue); });
  std::uint64_t bytes = 0;
  for (const Packet& packet : got) bytes += packet_length(*packet);
  queue.inbox.with([&](Inbox& inbox) {
    inbox.counts.received += got.size();
    inbox.counts.received_bytes += bytes;
    inbox.counts.receive_no_buffer += count - got.size();
  });
  return got.size();
}

std::size_t NetdevLoopback::refill(Queue& queue) {
  std::array<Packet, 16> fresh;
  for (;;) {
    const std::size_t missing = queue.inbox.with(
        [](const Inbox& inbox) { return inbox.empties.size() - inbox.empty - inbox.waiting; });
    const std::size_t got =
        settings().pool->allocate(std::span{fresh}.first(std::min(missing, fresh.size())));
    const std::size_t empty = queue.inbox.with([&](Inbox& inbox) {
      for (Packet& packet : std::span{fresh}.first(got)) {
        inbox.empties[inbox.empty++] = std::move(packet);
      }
      return std::size_t{inbox.empty} + inbox.waiting;
    });
    if (got < fresh.size()) return empty;
  }
}

bool NetdevLoopback::do_arm(std::uint16_t index, unsigned wishes) {
  // What is sent is gone at once.
  if ((wishes & kSend) != 0) return false;
  Queue& queue = queues_[index];
  return queue.inbox.with([&](const Inbox& inbox) {
    queue.armed = inbox.waiting == 0;
    return inbox.waiting == 0;
  });
}

void NetdevLoopback::do_disarm(std::uint16_t index, unsigned wishes) {
  if ((wishes & kReceive) == 0) return;
  queues_[index].armed = false;
}

}  // namespace atl
