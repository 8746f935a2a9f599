// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/host/memory.hpp>

#include "cable.hpp"

// Devices that lie, break off or stand still.
namespace netdev_virtio_test {
namespace {

using State = Netdev::State;

template <typename Virtqueue>
class Hostile : public Cable<Virtqueue> {
 protected:
  void open(std::uint64_t features = kBasic, std::uint32_t offloads = 0) {
    this->connect(features);
    ASSERT_TRUE(
        this->left().open({.pool = this->pool.get(), .depth = 16, .offloads = offloads}).ok());
  }
  ~Hostile() override {
    this->left().close();
    EXPECT_EQ(this->pool->statistics().free, 320u) << "buffers were lost";
  }

  /// The device writes `header` and `bytes` more into a buffer, and says that it has written
  /// `written` altogether.
  void write(const Header& header, std::uint32_t written) {
    const auto got = this->left_device().next_buffer();
    ASSERT_TRUE(got);
    std::memcpy(this->left_device().at_address(got->pieces[0].address), &header, sizeof header);
    this->left_device().use(0, got->id, written);
  }
  std::size_t receive() {
    std::array<Packet, 4> packets;
    return this->left().receive(0, packets);
  }
  std::uint64_t malformed() { return this->left().statistics().receive_malformed; }
  /// The device is faulty, goes on after a restart, and then works.
  void expect_faulty_once() {
    EXPECT_EQ(receive(), 0u);
    EXPECT_EQ(this->left().state(), State::kFaulty);
    Packet packet = this->pool->allocate();
    packet->append(64);
    EXPECT_EQ(this->left().send(0, {&packet, 1}), 0u);
    packet.reset();
    EXPECT_TRUE(this->left().arm(0, Netdev::kReceive | Netdev::kSend));
    ASSERT_TRUE(this->left().restart().ok());
    this->left_device().work();
    EXPECT_EQ(this->left().state(), State::kUp);
    write({.buffers = 1}, 12 + 64);
    EXPECT_EQ(receive(), 1u);
  }
};
using Devices = testing::Types<SplitDevice, PackedDevice>;
TYPED_TEST_SUITE(Hostile, Devices);

TYPED_TEST(Hostile, a_length_above_the_room_is_a_fault) {
  this->open();
  this->write({}, 2048 - 52 + 1);
  this->expect_faulty_once();
}

TYPED_TEST(Hostile, a_buffer_that_there_is_not_is_a_fault) {
  for (const std::uint32_t id : {16u, 0x7fffu}) {
    this->open();
    this->left_device().next_buffer();
    this->left_device().use(0, id, 100);
    this->expect_faulty_once();
    this->left().close();
  }
}

TYPED_TEST(Hostile, a_buffer_that_it_does_not_have_is_a_fault) {
  this->open();
  const auto got = this->left_device().next_buffer();
  const Header header;
  std::memcpy(this->left_device().at_address(got->pieces[0].address), &header, sizeof header);
  // Without buffers in the pool the driver cannot give it again.
  std::vector<Packet> hoard;
  while (Packet packet = this->pool->allocate()) hoard.push_back(std::move(packet));
  Packet frame;
  this->left_device().use(0, got->id, 76);
  EXPECT_EQ(this->left().receive(0, {&frame, 1}), 1u);
  this->left_device().use(0, got->id, 76);
  EXPECT_EQ(this->receive(), 0u);
  EXPECT_EQ(this->left().state(), State::kFaulty);
}

TYPED_TEST(Hostile, frames_of_every_length_are_taken_or_dropped) {
  this->open();
  std::uint64_t dropped = 0;
  for (std::uint32_t written = 0; written <= 2048 - 52; ++written) {
    this->write({}, written);
    const bool is_frame = written >= 12 + 14 && written <= 12 + 1518;
    EXPECT_EQ(this->receive(), is_frame ? 1u : 0u) << written;
    dropped += is_frame ? 0 : 1;
  }
  EXPECT_EQ(this->malformed(), dropped);
  EXPECT_EQ(this->left().state(), State::kUp);
}

TYPED_TEST(Hostile, a_header_says_only_what_was_agreed_on) {
  for (const std::uint32_t offloads : {std::uint32_t{0}, std::uint32_t{Netdev::kReceiveChecksum}}) {
    this->info_.offloads = Netdev::kReceiveChecksum;
    this->open(kBasic | feature::kGuestChecksum, offloads);
    const auto taken = [&](const Header& header, std::uint32_t length) {
      this->write(header, 12 + length);
      return this->receive() == 1;
    };
    EXPECT_TRUE(taken({}, 64));
    EXPECT_EQ(taken({.flags = 2}, 64), offloads != 0);
    EXPECT_EQ(taken({.flags = 1, .checksum_start = 34, .checksum_offset = 16}, 64), offloads != 0);
    EXPECT_EQ(taken({.flags = 1, .checksum_start = 46, .checksum_offset = 16}, 64), offloads != 0);
    EXPECT_FALSE(taken({.flags = 1, .checksum_start = 47, .checksum_offset = 16}, 64));
    EXPECT_FALSE(taken({.flags = 1, .checksum_start = 0xffff, .checksum_offset = 0xffff}, 64));
    EXPECT_FALSE(taken({.segments = 1, .segment_bytes = 10}, 64)) << "segments";
    for (const int segments : {2, 3, 5, 0x80, 0x81, 0xff}) {
      EXPECT_FALSE(taken({.segments = static_cast<std::uint8_t>(segments)}, 64)) << segments;
    }
    EXPECT_EQ(this->left().state(), State::kUp);
    this->left().close();
  }
}

TYPED_TEST(Hostile, a_packet_in_no_buffer_or_in_more_than_there_are_is_a_fault) {
  for (const int buffers : {0, 17, 0xffff}) {
    this->open(kBasic | feature::kMergeable);
    this->write({.buffers = static_cast<std::uint16_t>(buffers)}, 100);
    this->expect_faulty_once();
    this->left().close();
  }
}

TYPED_TEST(Hostile, a_packet_whose_rest_never_comes_is_given_back_at_the_end) {
  this->open(kBasic | feature::kMergeable);
  this->write({.buffers = 3}, 100);
  EXPECT_EQ(this->receive(), 0u);
  this->write({}, 100);
  EXPECT_EQ(this->receive(), 0u);
  EXPECT_EQ(this->left().state(), State::kUp);
}

TYPED_TEST(Hostile, a_merged_packet_longer_than_any_frame_is_dropped_whole) {
  this->open(kBasic | feature::kMergeable);
  this->write({.buffers = 3}, 1000);
  this->write({}, 1000);
  this->write({}, 1000);
  EXPECT_EQ(this->receive(), 0u);
  EXPECT_EQ(this->malformed(), 1u);
  this->write({.buffers = 2}, 12 + 64);
  this->write({}, 0);
  EXPECT_EQ(this->receive(), 1u);
}

TYPED_TEST(Hostile, one_that_asks_for_a_reset_is_faulty) {
  this->open();
  auto& device = this->left_device().transport;
  device.status |= 64;
  device.change.handler(device.change.context);
  this->expect_faulty_once();
}

TYPED_TEST(Hostile, one_that_never_sends_gives_its_packets_back_at_the_end) {
  this->open();
  std::size_t taken = 0;
  for (int i = 0; i < 64; ++i) {
    Packet packet = this->pool->allocate();
    packet->append(64);
    taken += this->left().send(0, {&packet, 1});
    if (!packet) continue;
    EXPECT_EQ(packet->length(), 64u) << "what was not taken is as it was";
    EXPECT_EQ(packet->headroom(), Buffer::kHeadroom);
    const Packet shared = packet->share();
    EXPECT_EQ(this->left().send(0, {&packet, 1}), 0u);
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet.get(), shared.get());
    EXPECT_EQ(packet->length(), 64u);
  }
  EXPECT_EQ(taken, 16u);
  EXPECT_TRUE(this->left().arm(0, Netdev::kSend));
  this->left().close();
  EXPECT_EQ(this->left().statistics().send_lost, 16u);
}

TYPED_TEST(Hostile, one_whose_link_goes_away_says_so) {
  this->open();
  auto& device = this->left_device().transport;
  EXPECT_EQ(this->left().state(), State::kUp);
  device.config[6] = 0;
  device.change.handler(device.change.context);
  EXPECT_EQ(this->left().state(), State::kNoLink);
  device.config[6] = 1;
  device.change.handler(device.change.context);
  EXPECT_EQ(this->left().state(), State::kUp);
  device.config.clear();
  device.change.handler(device.change.context);
  EXPECT_EQ(this->left().state(), State::kNoLink);
  EXPECT_EQ(this->left().state(), State::kFaulty);
}

TYPED_TEST(Hostile, queues_of_no_size_do_not_open) {
  for (const std::uint32_t size : {0u, 32'769u, 0xffff'ffffu}) {
    for (const std::uint16_t queue : {std::uint16_t{0}, std::uint16_t{1}}) {
      this->connect(kBasic);
      this->left_device().transport.sizes[queue] = size;
      EXPECT_FALSE(this->left().open({.pool = this->pool.get()}).ok());
      EXPECT_EQ(this->left().state(), State::kClosed);
      EXPECT_EQ(this->pool->statistics().free, 320u);
    }
  }
}

TYPED_TEST(Hostile, features_that_it_no_longer_has_do_not_open) {
  this->open();
  this->left_device().transport.offered = atl::virtio::feature::kVersion1;
  EXPECT_EQ(this->left().restart().error(), Errc::kNotSupported);
  EXPECT_EQ(this->left().state(), State::kClosed);
}

TYPED_TEST(Hostile, without_memory_it_does_not_open_and_nothing_is_lost) {
  this->connect(kBasic);
  bool opened = false;
  for (std::size_t left = 0; !opened; ++left) {
    ASSERT_LT(left, 100u);
    const std::size_t blocks = atl::host::live_blocks();
    const std::uint64_t pages = this->free_pages();
    atl::host::fail_allocations_after(left);
    const auto outcome = this->left().open({.pool = this->pool.get(), .depth = 16});
    atl::host::fail_allocations_after(atl::host::kNever);
    opened = outcome.ok();
    if (opened) break;
    EXPECT_EQ(outcome.error(), Errc::kNoMemory);
    EXPECT_EQ(atl::host::live_blocks(), blocks);
    EXPECT_EQ(this->free_pages(), pages);
    EXPECT_EQ(this->pool->statistics().free, 320u);
  }
}

template <typename Virtqueue>
class Unstoppable : public Cable<Virtqueue> {};
TYPED_TEST_SUITE(Unstoppable, Devices);

// Its buffers and its rings stay with it, so that this test loses them on purpose.
TYPED_TEST(Unstoppable, one_that_does_not_stop_is_dead_and_keeps_what_it_has) {
  EXPECT_EXIT(
      {
        this->connect(kBasic);
        if (!this->left().open({.pool = this->pool.get(), .depth = 16}).ok()) std::_Exit(1);
        this->left_device().transport.reset_looks = 1'000'000'000;
        this->left().close();
        if (this->left().state() != State::kDead) std::_Exit(2);
        if (this->pool->statistics().free != 320 - 16) std::_Exit(3);
        if (this->left().open({.pool = this->pool.get()}).error() != Errc::kNoDevice) std::_Exit(4);
        std::_Exit(0);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace netdev_virtio_test
