// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include "cable.hpp"
#include "packets.hpp"

// What is said of packets, and the pages that they are shown by.
namespace netdev_xen_test {
namespace {

using Checksum = Offload::Checksum;
using Segments = Offload::Segments;

class Offloads : public Cable {
 protected:
  Offloads() {
    left_backend().on_frame = [this](Frame frame) { frames.push_back(std::move(frame)); };
  }
  std::uint32_t open(std::uint16_t depth = 64) {
    connect();
    const auto agreed = left().open({.pool = pool.get(), .depth = depth, .offloads = ~0u});
    EXPECT_TRUE(agreed.ok());
    return agreed.value().offloads;
  }
  /// A packet of these bytes, in buffers of so many of them each.
  static Packet packet(BufferPool& from, const Bytes& bytes, std::size_t each = 4000) {
    Packet first;
    Buffer* last = nullptr;
    for (std::size_t at = 0; at < bytes.size(); at += each) {
      Packet part = from.allocate();
      const std::size_t size = std::min(each, bytes.size() - at);
      std::memcpy(part->append(static_cast<std::uint32_t>(size)), &bytes[at], size);
      Buffer* const next = part.get();
      if (last == nullptr) {
        first = std::move(part);
      } else {
        last->link(std::move(part));
      }
      last = next;
    }
    return first;
  }
  bool send(Packet one) {
    const auto before = left().statistics().send_malformed;
    EXPECT_EQ(left().send(0, {&one, 1}), 1u);
    left_backend().work();
    left().collect(0);
    return left().statistics().send_malformed == before;
  }

  std::vector<Frame> frames;
};

TEST_F(Offloads, a_partial_sum_is_a_blank_one) {
  open();
  Packet one = packet(*pool, packets::tcp4(10));
  one->offload = {.checksum = Checksum::kPartial, .checksum_start = 34, .checksum_offset = 16};
  ASSERT_TRUE(send(std::move(one)));
  EXPECT_EQ(frames[0].flags, NETTXF_csum_blank | NETTXF_data_validated);
  EXPECT_EQ(frames[0].bytes, packets::tcp4(10));
}

TEST_F(Offloads, a_partial_sum_elsewhere_is_dropped) {
  open();
  const auto taken = [&](const Bytes& bytes, std::uint16_t start, std::uint16_t offset) {
    Packet one = packet(*pool, bytes);
    one->offload = {
        .checksum = Checksum::kPartial, .checksum_start = start, .checksum_offset = offset};
    return send(std::move(one));
  };
  EXPECT_TRUE(taken(packets::tcp6(), 54, 16));
  EXPECT_FALSE(taken(packets::tcp4(), 34, 6));
  EXPECT_FALSE(taken(packets::tcp4(), 14, 16));
  EXPECT_FALSE(taken(Bytes(100), 34, 16));
}

TEST_F(Offloads, segments_are_told_by_an_extra_entry) {
  open();
  for (const bool ipv6 : {false, true}) {
    frames.clear();
    const Bytes bytes = ipv6 ? packets::tcp6(9000) : packets::tcp4(9000);
    const std::uint16_t start = ipv6 ? 54 : 34;
    Packet one = packet(*pool, bytes);
    one->offload = {.checksum = Checksum::kPartial,
                    .segments = ipv6 ? Segments::kTcp6 : Segments::kTcp4,
                    .checksum_start = start,
                    .checksum_offset = 16,
                    .segment_bytes = 1448,
                    .header_bytes = static_cast<std::uint16_t>(start + 20)};
    ASSERT_TRUE(send(std::move(one)));
    ASSERT_EQ(frames.size(), 1u);
    EXPECT_EQ(frames[0].bytes, bytes);
    EXPECT_NE(frames[0].flags & NETTXF_extra_info, 0);
    EXPECT_EQ(frames[0].extra.type, XEN_NETIF_EXTRA_TYPE_GSO);
    EXPECT_EQ(frames[0].extra.flags, 0);
    EXPECT_EQ(frames[0].extra.u.gso.size, 1448);
    EXPECT_EQ(frames[0].extra.u.gso.type,
              ipv6 ? XEN_NETIF_GSO_TYPE_TCPV6 : XEN_NETIF_GSO_TYPE_TCPV4);
    EXPECT_EQ(left().state(), Netdev::State::kUp);
  }
}

TEST_F(Offloads, the_longest_packet_is_sent_and_one_more_byte_dropped) {
  open();
  const auto taken = [&](std::size_t length) {
    Packet one = packet(*pool, packets::tcp4(length - 54), 300);  // in too many pieces
    one->offload = {.checksum = Checksum::kPartial,
                    .segments = Segments::kTcp4,
                    .checksum_start = 34,
                    .checksum_offset = 16,
                    .segment_bytes = 1448,
                    .header_bytes = 54};
    return send(std::move(one));
  };
  EXPECT_TRUE(taken(65'535));
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].bytes, packets::tcp4(65'535 - 54));
  EXPECT_EQ(frames[0].pieces, 16u);
  EXPECT_FALSE(taken(65'536));
}

TEST_F(Offloads, a_packet_that_never_fits_is_dropped) {
  open(8);
  Packet one = packet(*pool, packets::tcp4(60'000));
  one->offload = {.checksum = Checksum::kPartial,
                  .segments = Segments::kTcp4,
                  .checksum_start = 34,
                  .checksum_offset = 16,
                  .segment_bytes = 1448,
                  .header_bytes = 54};
  EXPECT_FALSE(send(std::move(one)));
}

TEST_F(Offloads, what_shares_a_page_with_others_is_copied) {
  open();
  auto small = BufferPool::create({.buffers = 64, .bytes = 1024}).value();
  const Bytes bytes = packets::tcp4(1000);
  Packet one = packet(*small, bytes, 500);
  std::vector<std::uint64_t> pages;
  for (const Buffer* part = one.get(); part != nullptr; part = part->next()) {
    pages.push_back(part->device_address().align_down(4096).value());
  }
  ASSERT_EQ(left().send(0, {&one, 1}), 1u);
  for (const auto& [ref, grant] : fake::grants) {
    EXPECT_EQ(std::ranges::count(pages, grant.page.value()), 0);
  }
  EXPECT_EQ(small->statistics().free, 64u);
  left_backend().work();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].bytes, bytes);
}

TEST_F(Offloads, what_is_sent_is_shown_for_reading_and_only_until_it_was_sent) {
  open();
  const std::size_t before = fake::grants.size();
  Packet one = packet(*pool, packets::tcp4(100), 60);
  const std::uint64_t page = one->device_address().align_down(4096).value();
  ASSERT_EQ(left().send(0, {&one, 1}), 1u);
  EXPECT_EQ(fake::grants.size(), before + 3);
  for (const auto& [ref, grant] : fake::grants) {
    if (grant.page.value() == page) EXPECT_FALSE(grant.writable);
  }
  left_backend().work();
  left().collect(0);
  EXPECT_EQ(fake::grants.size(), before);
}

TEST_F(Offloads, a_blank_sum_is_a_partial_one) {
  open();
  left_backend().deliver({packets::tcp6(20), NETRXF_csum_blank | NETRXF_data_validated});
  left_backend().work();
  Packet one;
  ASSERT_EQ(left().receive(0, {&one, 1}), 1u);
  EXPECT_EQ(one->offload.checksum, Checksum::kPartial);
  EXPECT_EQ(one->offload.checksum_start, 54);
  EXPECT_EQ(one->offload.checksum_offset, 16);
}

TEST_F(Offloads, segments_put_together_arrive_in_a_chain) {
  EXPECT_NE(open() & Netdev::kReceiveLarge, 0u);
  Frame frame{packets::tcp4(60'000), NETRXF_csum_blank | NETRXF_data_validated};
  frame.extra.type = XEN_NETIF_EXTRA_TYPE_GSO;
  frame.extra.u.gso.type = XEN_NETIF_GSO_TYPE_TCPV4;
  frame.extra.u.gso.size = 1448;
  left_backend().deliver(frame);
  left_backend().deliver({packets::tcp4(), 0});
  left_backend().work();
  Packet one;
  ASSERT_EQ(left().receive(0, {&one, 1}), 1u);
  EXPECT_EQ(packet_length(*one), frame.bytes.size());
  EXPECT_EQ(one->offload.segments, Segments::kTcp4);
  EXPECT_EQ(one->offload.segment_bytes, 1448);
  EXPECT_EQ(one->offload.header_bytes, 54);
  ASSERT_EQ(left().receive(0, {&one, 1}), 1u);
  EXPECT_EQ(packet_length(*one), packets::tcp4().size());
}

TEST_F(Offloads, segments_are_told_once) {
  open();
  auto& ring = left_backend().queues[0].receive;
  for (const int times : {1, 2}) {
    const Bytes bytes = packets::tcp4(200);
    const std::uint16_t id = left_backend().fill_next(bytes);
    FakeBackend::respond(ring, netif_rx_response{id, 0, NETRXF_csum_blank | NETRXF_extra_info,
                                                 static_cast<std::int16_t>(bytes.size())});
    for (int time = 1; time <= times; ++time) {
      static_cast<void>(FakeBackend::next_request<netif_rx_request>(ring));
      netif_extra_info extra{};
      extra.type = XEN_NETIF_EXTRA_TYPE_GSO;
      extra.flags = time < times ? XEN_NETIF_EXTRA_FLAG_MORE : 0;
      extra.u.gso.type = XEN_NETIF_GSO_TYPE_TCPV4;
      extra.u.gso.size = 100;
      netif_rx_response entry;
      std::memcpy(&entry, &extra, sizeof entry);
      FakeBackend::respond(ring, entry);
    }
    Packet one;
    EXPECT_EQ(left().receive(0, {&one, 1}), times == 1 ? 1u : 0u);
  }
  EXPECT_EQ(left().statistics().receive_malformed, 1u);
}

TEST_F(Offloads, are_agreed_on_by_keys) {
  connect();
  for (const std::uint32_t wanted : {0u, ~0u}) {
    ASSERT_TRUE(left().open({.pool = pool.get(), .depth = 64, .offloads = wanted}).ok());
    const char* const yes = wanted != 0 ? "1" : "0";
    const char* const no = wanted != 0 ? "0" : "1";
    EXPECT_EQ(left_backend().key("feature-no-csum-offload"), no);
    EXPECT_EQ(left_backend().key("feature-ipv6-csum-offload"), yes);
    EXPECT_EQ(left_backend().key("feature-gso-tcpv4"), yes);
    EXPECT_EQ(left_backend().key("feature-gso-tcpv6"), yes);
    EXPECT_EQ(left_backend().key("feature-sg"), "1");
    left().close();
  }
  const auto few = left().open({.pool = pool.get(), .depth = 18, .offloads = ~0u});
  EXPECT_EQ(few.value().offloads & Netdev::kReceiveLarge, 0u) << "no room for the longest one";
}

TEST_F(Offloads, several_queues_have_directories_of_their_own) {
  left_backend().say("multi-queue-max-queues", "4");
  connect(4);
  const auto agreed = left().open({.pool = pool.get(), .queues = 2, .depth = 16});
  ASSERT_TRUE(agreed.ok());
  EXPECT_EQ(agreed.value().queues, 2);
  EXPECT_EQ(left_backend().key("multi-queue-num-queues"), "2");
  EXPECT_EQ(left_backend().key("tx-ring-ref"), "-");
  EXPECT_EQ(left_backend().key("event-channel-tx"), "-");
  EXPECT_NE(left_backend().key("queue-1/event-channel-rx"), "-");
  for (const std::uint16_t queue : {std::uint16_t{0}, std::uint16_t{1}}) {
    left_backend().deliver({packets::tcp4(), 0}, queue);
    left_backend().work();
    Packet one;
    EXPECT_EQ(left().receive(static_cast<std::uint16_t>(1 - queue), {&one, 1}), 0u);
    EXPECT_EQ(left().receive(queue, {&one, 1}), 1u);
    EXPECT_EQ(left().send(queue, {&one, 1}), 1u);
  }
  left_backend().work();
  EXPECT_EQ(frames.size(), 2u);
  left().close();
  EXPECT_EQ(left_backend().key("queue-1/event-channel-rx"), "-");
  ASSERT_TRUE(left().open({.pool = pool.get(), .depth = 16}).ok());
  EXPECT_EQ(left_backend().key("multi-queue-num-queues"), "1");
  EXPECT_NE(left_backend().key("tx-ring-ref"), "-");
}

}  // namespace
}  // namespace netdev_xen_test
