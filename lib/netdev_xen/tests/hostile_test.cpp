// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/host/memory.hpp>
#include <functional>
#include <random>

#include "cable.hpp"

// Backends that lie, break off or stand still.
namespace netdev_xen_test {
namespace {

using State = Netdev::State;

class Hostile : public Cable {
 protected:
  void open(std::uint32_t offloads = 0, std::uint16_t depth = 16) {
    connect();
    ASSERT_TRUE(left().open({.pool = pool.get(), .depth = depth, .offloads = offloads}).ok());
    EXPECT_EQ(left().state(), State::kUp);
  }
  FakeBackend::Ring& sending() { return left_backend().queues[0].send; }
  FakeBackend::Ring& receiving() { return left_backend().queues[0].receive; }

  /// The backend fills the next page, and says what a test wants it to say.
  void give(int status, std::uint16_t flags = 0, std::uint16_t offset = 0) {
    const Bytes bytes(64, std::byte{0x42});
    const std::uint16_t id = left_backend().fill_next(bytes);
    FakeBackend::respond(receiving(),
                         netif_rx_response{id, offset, flags, static_cast<std::int16_t>(status)});
  }
  void give_extra(std::uint8_t type, std::uint8_t flags, std::uint16_t size = 100,
                  std::uint8_t segments = 1) {
    static_cast<void>(FakeBackend::next_request<netif_rx_request>(receiving()));
    netif_extra_info extra{};
    extra.type = type;
    extra.flags = flags;
    extra.u.gso.size = size;
    extra.u.gso.type = segments;
    netif_rx_response entry;
    std::memcpy(&entry, &extra, sizeof entry);
    FakeBackend::respond(receiving(), entry);
  }
  std::size_t receive() {
    std::array<Packet, 4> packets;
    return left().receive(0, packets);
  }
  bool send(std::uint32_t length = 64) {
    Packet packet = pool->allocate();
    packet->append(length);
    return left().send(0, {&packet, 1}) == 1;
  }
  netif_tx_request sent() { return FakeBackend::next_request<netif_tx_request>(sending()); }
  std::uint64_t malformed() { return left().statistics().receive_malformed; }

  /// The device is faulty, goes on after a restart, and then works.
  void expect_faulty_once() {
    EXPECT_EQ(receive(), 0u);
    left().collect(0);
    EXPECT_EQ(left().state(), State::kFaulty);
    EXPECT_FALSE(send());
    EXPECT_TRUE(left().arm(0, Netdev::kReceive | Netdev::kSend));
    ASSERT_TRUE(left().restart().ok());
    EXPECT_EQ(left().state(), State::kUp);
    give(64);
    EXPECT_EQ(receive(), 1u);
  }
};

TEST_F(Hostile, a_response_to_what_it_was_not_asked_is_a_fault) {
  for (const int wrong : {1, 15, 16, 255, 256, 0xffff}) {
    open();
    const std::uint16_t id = left_backend().fill_next({});
    FakeBackend::respond(receiving(),
                         netif_rx_response{static_cast<std::uint16_t>(id + wrong), 0, 0, 64});
    expect_faulty_once();
    left().close();
  }
}

TEST_F(Hostile, a_length_beyond_the_page_is_a_fault) {
  struct Wrong {
    int status;
    std::uint16_t offset;
  };
  for (const Wrong wrong : {Wrong{4097, 0}, Wrong{1, 4096}, Wrong{32767, 0}, Wrong{2, 0xffff},
                            Wrong{100, 3997}, Wrong{0, 4097}, Wrong{-1, 4097}}) {
    open();
    give(wrong.status, 0, wrong.offset);
    expect_faulty_once();
    left().close();
  }
}

TEST_F(Hostile, an_index_that_cannot_be_is_a_fault) {
  for (const std::uint32_t lie : {17u, 0x8000'0000u, 0xffff'ffffu}) {
    open();
    receiving().responses() = lie;
    expect_faulty_once();
    left().close();
    open();
    sending().responses() = lie;
    expect_faulty_once();
    left().close();
  }
}

TEST_F(Hostile, what_was_not_given_to_be_sent_cannot_have_been) {
  for (const int wrong : {1, 2, 255, 256, 0xffff}) {
    open();
    ASSERT_TRUE(send());
    FakeBackend::respond(sending(), netif_tx_response{static_cast<std::uint16_t>(sent().id + wrong),
                                                      NETIF_RSP_OKAY});
    expect_faulty_once();
    left().close();
  }
}

TEST_F(Hostile, nothing_is_sent_twice) {
  open();
  ASSERT_TRUE(send());
  ASSERT_TRUE(send());
  const std::uint16_t id = sent().id;
  FakeBackend::respond(sending(), netif_tx_response{id, NETIF_RSP_OKAY});
  FakeBackend::respond(sending(), netif_tx_response{id, NETIF_RSP_OKAY});
  expect_faulty_once();
}

TEST_F(Hostile, an_answer_to_nothing_is_a_fault) {
  open();
  ASSERT_TRUE(send());
  FakeBackend::respond(sending(), netif_tx_response{sent().id, NETIF_RSP_NULL});
  expect_faulty_once();
}

TEST_F(Hostile, frames_of_every_length_are_taken_or_dropped) {
  open();
  std::uint64_t dropped = 0;
  for (int length = 0; length <= 4096; ++length) {
    give(length);
    const bool is_frame = length >= 14 && length <= 1518;
    EXPECT_EQ(receive(), is_frame ? 1u : 0u) << length;
    dropped += is_frame ? 0 : 1;
  }
  EXPECT_EQ(malformed(), dropped);
  EXPECT_EQ(left().state(), State::kUp);
}

TEST_F(Hostile, an_error_is_a_packet_that_is_dropped) {
  open();
  for (const int status : {NETIF_RSP_ERROR, NETIF_RSP_DROPPED, -32768}) give(status);
  EXPECT_EQ(receive(), 0u);
  EXPECT_EQ(malformed(), 3u);
  give(64);
  EXPECT_EQ(receive(), 1u);
}

TEST_F(Hostile, what_it_refuses_to_send_is_counted) {
  open();
  for (const int status : {NETIF_RSP_ERROR, NETIF_RSP_DROPPED, 7, NETIF_RSP_OKAY}) {
    ASSERT_TRUE(send());
    FakeBackend::respond(sending(),
                         netif_tx_response{sent().id, static_cast<std::int16_t>(status)});
  }
  left().collect(0);
  EXPECT_EQ(left().statistics().send_lost, 3u);
  EXPECT_EQ(left().state(), State::kUp);
}

TEST_F(Hostile, flags_say_only_what_was_agreed_on) {
  for (const std::uint32_t offloads : {std::uint32_t{0}, std::uint32_t{Netdev::kReceiveChecksum}}) {
    open(offloads);
    give(64, NETRXF_data_validated);
    Packet packet;
    ASSERT_EQ(left().receive(0, {&packet, 1}), 1u);
    EXPECT_EQ(packet->offload.checksum,
              offloads == 0 ? Offload::Checksum::kUnchecked : Offload::Checksum::kChecked);
    packet.reset();
    give(64, NETRXF_csum_blank | NETRXF_data_validated);
    EXPECT_EQ(receive(), 0u) << "it is no TCP";
    give(64, static_cast<std::uint16_t>(
                 0xffff & ~(NETRXF_more_data | NETRXF_extra_info | NETRXF_csum_blank)));
    EXPECT_EQ(receive(), 1u) << "unknown ones";
    EXPECT_EQ(left().state(), State::kUp);
    left().close();
  }
}

TEST_F(Hostile, extra_information_that_makes_no_sense_drops_the_packet) {
  open(~0u, 64);
  for (const int type : {0, 2, 3, 4, 5, 255}) {
    give(64, NETRXF_extra_info);
    give_extra(static_cast<std::uint8_t>(type), 0);
    EXPECT_EQ(receive(), 0u) << type;
  }
  for (const int segments : {0, 3, 255}) {
    give(64, NETRXF_extra_info | NETRXF_csum_blank);
    give_extra(XEN_NETIF_EXTRA_TYPE_GSO, 0, 100, static_cast<std::uint8_t>(segments));
    EXPECT_EQ(receive(), 0u) << segments;
  }
  give(64, NETRXF_extra_info);
  give_extra(XEN_NETIF_EXTRA_TYPE_GSO, 0);
  EXPECT_EQ(receive(), 0u) << "segments with a sum";
  give(64, NETRXF_extra_info | NETRXF_csum_blank);
  give_extra(XEN_NETIF_EXTRA_TYPE_GSO, XEN_NETIF_EXTRA_FLAG_MORE);
  give_extra(XEN_NETIF_EXTRA_TYPE_GSO, 0);
  EXPECT_EQ(receive(), 0u) << "twice";
  EXPECT_EQ(malformed(), 11u);
  EXPECT_EQ(left().state(), State::kUp);
  give(64);
  EXPECT_EQ(receive(), 1u);
}

TEST_F(Hostile, a_packet_without_end_holds_a_bounded_number_of_buffers) {
  open(~0u, 64);
  for (int round = 0; round < 1000; ++round) {
    give(round % 3 == 0 ? 0 : 64, NETRXF_more_data);
    EXPECT_EQ(receive(), 0u);
  }
  EXPECT_GE(pool->statistics().free, kBuffers - 64 - 18);
  give(64);
  EXPECT_EQ(receive(), 0u);
  EXPECT_EQ(malformed(), 1u);
  give(64, NETRXF_extra_info);
  for (int round = 0; round < 1000; ++round) {
    give_extra(XEN_NETIF_EXTRA_TYPE_HASH, XEN_NETIF_EXTRA_FLAG_MORE);
    EXPECT_EQ(receive(), 0u);
  }
  give_extra(XEN_NETIF_EXTRA_TYPE_HASH, 0);
  EXPECT_EQ(receive(), 0u);
  give(64);
  EXPECT_EQ(receive(), 1u);
}

TEST_F(Hostile, a_packet_whose_rest_never_comes_is_given_back_at_the_end) {
  open();
  give(64, NETRXF_more_data);
  EXPECT_EQ(receive(), 0u);
  give(64, NETRXF_more_data);
  EXPECT_EQ(receive(), 0u);
  EXPECT_EQ(left().state(), State::kUp);
}

TEST_F(Hostile, a_page_that_it_goes_on_using_is_not_looked_at) {
  open();
  const auto request = FakeBackend::next_request<netif_rx_request>(receiving());
  fake::grants.at(request.gref).in_use = true;
  FakeBackend::respond(receiving(), netif_rx_response{request.id, 0, 0, 64});
  EXPECT_EQ(receive(), 0u);
  EXPECT_EQ(left().state(), State::kFaulty);
  fake::grants.at(request.gref).in_use = false;
  expect_faulty_once();
}

TEST_F(Hostile, what_it_goes_on_using_is_not_given_back) {
  open();
  Packet packet = pool->allocate();
  packet->append(64);
  const Packet ours = packet->share();
  ASSERT_EQ(left().send(0, {&packet, 1}), 1u);
  const auto request = sent();
  fake::grants.at(request.gref).in_use = true;
  FakeBackend::respond(sending(), netif_tx_response{request.id, NETIF_RSP_OKAY});
  left().collect(0);
  EXPECT_TRUE(ours->shared());
  EXPECT_EQ(left().state(), State::kFaulty);
  fake::grants.at(request.gref).in_use = false;
  expect_faulty_once();
  EXPECT_FALSE(ours->shared());
}

TEST_F(Hostile, one_that_never_sends_gives_its_packets_back_at_the_end) {
  open();
  std::size_t taken = 0;
  for (int i = 0; i < 64; ++i) {
    Packet packet = pool->allocate();
    packet->append(64);
    taken += left().send(0, {&packet, 1});
    if (packet) EXPECT_EQ(packet->length(), 64u) << "what was not taken is as it was";
  }
  EXPECT_EQ(taken, 16u);
  EXPECT_TRUE(left().arm(0, Netdev::kSend));
  left().close();
  EXPECT_EQ(left().statistics().send_lost, 16u);
}

TEST_F(Hostile, one_that_closes_is_faulty_and_connects_anew) {
  for (const char* state : {"5", "6"}) {
    open();
    left_backend().set_state(state);
    expect_faulty_once();
    EXPECT_EQ(left_backend().connections, 2);
    left().close();
    left_backend().connections = 0;
  }
}

TEST_F(Hostile, one_that_vanishes_is_faulty_and_does_not_come_back) {
  open();
  left_backend().follows = false;
  fake::remove(left_backend().own + "/state");
  EXPECT_EQ(left().state(), State::kFaulty);
  // Xen has ended its mappings.
  for (auto& [ref, grant] : fake::grants) grant.in_use = false;
  EXPECT_EQ(left().restart().error(), Errc::kNoDevice);
  EXPECT_EQ(left().state(), State::kClosed);
}

TEST_F(Hostile, one_whose_link_goes_away_says_so) {
  static int changes;
  changes = 0;
  connect();
  ASSERT_TRUE(left()
                  .open({.pool = pool.get(),
                         .depth = 16,
                         .event = {[](void*, std::uint16_t queue) {
                                     EXPECT_EQ(queue, Netdev::kNoQueue);
                                     ++changes;
                                   },
                                   nullptr}})
                  .ok());
  EXPECT_EQ(left().state(), State::kUp);
  fake::set(left_backend().own + "/carrier", "0");
  EXPECT_EQ(left().state(), State::kNoLink);
  EXPECT_EQ(changes, 1);
  fake::set(left_backend().own + "/carrier", "1");
  EXPECT_EQ(left().state(), State::kUp);
  EXPECT_EQ(changes, 2);
}

TEST_F(Hostile, events_that_nobody_asked_for_are_not_told) {
  static int events;
  events = 0;
  connect();
  ASSERT_TRUE(left()
                  .open({.pool = pool.get(),
                         .depth = 16,
                         .event = {[](void*, std::uint16_t) { ++events; }, nullptr}})
                  .ok());
  const auto storm = [&] {
    for (int times = 0; times < 10; ++times) {
      fake::raise(receiving().port);
      fake::raise(sending().port);
    }
  };
  storm();
  EXPECT_EQ(events, 0);
  ASSERT_TRUE(left().arm(0, Netdev::kReceive));
  storm();
  EXPECT_EQ(events, 1);
  ASSERT_TRUE(left().arm(0, Netdev::kReceive));
  left().disarm(0, Netdev::kReceive);
  storm();
  EXPECT_EQ(events, 1);
}

TEST_F(Hostile, one_that_never_connects_does_not_open) {
  connect();
  left_backend().follows = false;
  EXPECT_EQ(left().open({.pool = pool.get(), .depth = 16}).error(), Errc::kTimedOut);
  EXPECT_EQ(left().state(), State::kClosed);
  EXPECT_EQ(pool->statistics().free, kBuffers);
  EXPECT_TRUE(fake::grants.empty());
  left_backend().follows = true;
  EXPECT_TRUE(left().open({.pool = pool.get(), .depth = 16}).ok());
}

TEST_F(Hostile, features_that_it_no_longer_has_do_not_open) {
  open();
  left_backend().say("feature-rx-copy", "0");
  EXPECT_EQ(left().restart().error(), Errc::kNotSupported);
  EXPECT_EQ(left().state(), State::kClosed);
  left_backend().say("feature-rx-copy", "1");
  left_backend().say("feature-sg", "many");
  EXPECT_EQ(left().open({.pool = pool.get(), .depth = 16}).error(), Errc::kProtocol);
}

TEST_F(Hostile, without_memory_grants_or_ports_it_does_not_open_and_nothing_is_lost) {
  connect();
  const auto fails_until = [&](std::size_t& left_to_give, std::size_t most) {
    for (std::size_t given = 0;; ++given) {
      ASSERT_LT(given, most);
      const std::size_t blocks = atl::host::live_blocks();
      const std::uint64_t pages = free_pages();
      left_to_give = given;
      const auto outcome = left().open({.pool = pool.get(), .depth = 16});
      left_to_give = 1'000'000;
      if (outcome.ok()) return left().close();
      EXPECT_EQ(outcome.error(), Errc::kNoMemory);
      EXPECT_EQ(atl::host::live_blocks(), blocks);
      EXPECT_EQ(free_pages(), pages);
      EXPECT_EQ(pool->statistics().free, kBuffers);
      EXPECT_TRUE(fake::grants.empty());
      EXPECT_TRUE(fake::ports.empty());
    }
  };
  fails_until(fake::grants_left, 40);
  fails_until(fake::ports_left, 4);
  standing = true;
  connect();
  fails_until(fake::grants_left, 40);
  for (std::size_t given = 0; given < 1; ++given) {
    atl::host::fail_allocations_after(given);
    const auto outcome = left().open({.pool = pool.get(), .depth = 16});
    atl::host::fail_allocations_after(atl::host::kNever);
    EXPECT_EQ(outcome.error(), Errc::kNoMemory);
    EXPECT_EQ(pool->statistics().free, kBuffers);
  }
}

TEST_F(Hostile, standing_grants_show_copies_and_nothing_else) {
  standing = true;
  open();
  const std::size_t before = fake::grants.size();
  for (int round = 0; round < 50; ++round) {
    Packet packet = pool->allocate();
    packet->append(100);
    const std::uint64_t page = packet->device_address().align_down(4096).value();
    ASSERT_EQ(left().send(0, {&packet, 1}), 1u);
    for (const auto& [ref, grant] : fake::grants) EXPECT_NE(grant.page.value(), page);
    left_backend().work();
    left().collect(0);
    // The backend changes the page after it was received.
    const auto& ring = receiving();
    netif_rx_request request;
    std::memcpy(&request, ring.page + 64 + ring.taken % 256 * 8, sizeof request);
    give(64);
    ASSERT_EQ(left().receive(0, {&packet, 1}), 1u);
    std::memset(FakeBackend::at(fake::grants.at(request.gref).page), 0xee, 4096);
    for (const std::byte byte : packet->bytes()) EXPECT_EQ(byte, std::byte{0x42});
    EXPECT_EQ(packet->headroom(), Buffer::kHeadroom);
    EXPECT_EQ(fake::grants.size(), before);
  }
}

TEST_F(Hostile, without_buffers_for_copies_packets_are_dropped) {
  standing = true;
  open();
  std::vector<Packet> hoard;
  while (Packet packet = pool->allocate()) hoard.push_back(std::move(packet));
  give(64);
  give(64, NETRXF_more_data);
  give(64);
  EXPECT_EQ(receive(), 0u);
  EXPECT_EQ(left().statistics().receive_no_buffer, 2u);
  hoard.clear();
  give(64);
  EXPECT_EQ(receive(), 1u);
}

TEST_F(Hostile, without_grants_packets_wait_and_go_on_later) {
  open();
  fake::grants_left = fake::grants.size();
  EXPECT_FALSE(send());
  give(64);
  EXPECT_EQ(receive(), 1u) << "its own grant is free again";
  fake::grants_left = 1'000'000;
  EXPECT_TRUE(send());
}

TEST_F(Hostile, whatever_it_writes_it_is_dropped_or_a_fault) {
  std::mt19937 random{1};
  int faults = 0;
  for (int round = 0; round < 300; ++round) {
    standing = round % 4 == 0;
    open(random() % 2 == 0 ? ~0u : 0, 32);
    for (int step = 0; step < 200 && left().state() == State::kUp; ++step) {
      if (random() % 2 == 0 && receiving().taken != receiving().requests()) {
        const std::uint16_t id = left_backend().fill_next({});
        netif_rx_response response{id, static_cast<std::uint16_t>(random() % 8 == 0 ? random() : 0),
                                   static_cast<std::uint16_t>(random() % 64),
                                   static_cast<std::int16_t>(random() % 4096)};
        auto* const bytes = reinterpret_cast<std::uint8_t*>(&response);
        if (random() % 16 == 0) bytes[random() % 8] = static_cast<std::uint8_t>(random());
        FakeBackend::respond(receiving(), response);
      }
      if (random() % 3 == 0) send(64 + static_cast<std::uint32_t>(random() % 1000));
      if (random() % 3 == 0 && sending().taken != sending().requests()) {
        const bool lies = random() % 16 == 0;
        FakeBackend::respond(
            sending(), netif_tx_response{static_cast<std::uint16_t>(lies ? random() : sent().id),
                                         static_cast<std::int16_t>(lies ? random() % 4 : 0)});
      }
      if (random() % 64 == 0) receiving().page[random() % 4096] = static_cast<std::byte>(random());
      std::array<Packet, 3> some;
      left().receive(0, some);
      left().collect(0);
      left().arm(0, random() % 4);
    }
    faults += left().state() == State::kFaulty ? 1 : 0;
    left().close();
    ASSERT_EQ(left().state(), State::kClosed);
    ASSERT_EQ(pool->statistics().free, kBuffers);
    ASSERT_TRUE(fake::grants.empty());
  }
  EXPECT_GT(faults, 50);
}

// Its buffers and its rings stay with it, so that this test loses them on purpose.
TEST_F(Hostile, one_that_does_not_let_go_is_dead_and_keeps_what_it_has) {
  EXPECT_EXIT(
      {
        open();
        const auto request = FakeBackend::next_request<netif_rx_request>(receiving());
        fake::grants.at(request.gref).in_use = true;
        left().close();
        if (left().state() != State::kDead) std::_Exit(2);
        if (pool->statistics().free != kBuffers - 1) std::_Exit(3);
        if (fake::grants.size() != 1) std::_Exit(4);
        if (left().open({.pool = pool.get()}).error() != Errc::kNoDevice) std::_Exit(5);
        std::_Exit(0);
      },
      testing::ExitedWithCode(0), "");
}

TEST_F(Hostile, one_that_does_not_answer_but_uses_nothing_is_closed) {
  open();
  left_backend().follows = false;
  for (auto& [ref, grant] : fake::grants) grant.in_use = false;
  left().close();
  EXPECT_EQ(left().state(), State::kClosed);
  left_backend().queues.clear();
  left_backend().follows = true;
}

}  // namespace
}  // namespace netdev_xen_test
