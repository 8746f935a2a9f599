// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/host/machine.hpp>

#include "fake_registers.hpp"

namespace virtio_mmio_test {
namespace {

using irq::Trigger;
using virtio::QueuePlace;

constexpr std::uint64_t kMac = 1 << 5;
constexpr std::uint32_t kUsed = 1, kChanged = 2;

void count(void* calls) { ++*static_cast<int*>(calls); }

class MmioDeviceTest : public testing::Test {
 protected:
  MmioDeviceTest() {
    host::reset_machine();
    registers.queues[0].most = 256;
    registers.queues[1].most = 64;
  }
  /// A device whose configuration has 16 bytes.
  mmio::MmioDevice<FakeIo> make(Trigger trigger = Trigger::kLevelHigh) {
    registers.config = std::string("0123456789abcdef");
    return {FakeIo{&registers}, 0x110, registers.type, "fake", {lines, 17, trigger}};
  }

  FakeRegisters registers;
  FakeLines lines;
  int calls = 0, others = 0, changes = 0;
};

TEST(Identity, a_device_a_place_without_one_and_something_else) {
  FakeRegisters registers;
  const FakeIo io{&registers};
  EXPECT_EQ(mmio::identify(io).value().type, 4u);
  EXPECT_EQ(mmio::identify(io).value().version, 2u);
  registers.version = 1;
  EXPECT_EQ(mmio::identify(io).value().version, 1u);
  registers.type = 0;
  EXPECT_EQ(mmio::identify(io).value().type, 0u);
  for (const std::uint32_t magic : {0u, 0xffff'ffffu, 0x7669'7274u}) {
    registers.magic = magic;
    EXPECT_EQ(mmio::identify(io).error(), Errc::kNoDevice);
  }
}

TEST_F(MmioDeviceTest, both_words_of_features_are_agreed_on) {
  registers.offered |= kMac | virtio::feature::kPackedRing;
  auto device = make();
  ASSERT_TRUE(device.negotiate(kMac, virtio::feature::kPackedRing).ok());
  EXPECT_EQ(registers.accepted, registers.offered);
  device.start();
  EXPECT_EQ(registers.status, 15u);
}

TEST_F(MmioDeviceTest, a_reset_that_never_ends_is_refused) {
  auto device = make();
  ASSERT_TRUE(device.negotiate(0, 0).ok());
  registers.resets = false;
  EXPECT_EQ(device.reset().error(), Errc::kTimedOut);
}

TEST_F(MmioDeviceTest, a_queue_is_described_before_it_is_ready) {
  auto device = make();
  ASSERT_TRUE(device.negotiate(0, 0).ok());
  const QueuePlace place{64, PhysAddr{0x1'2345'6000}, PhysAddr{0x2'0000'0010},
                         PhysAddr{0x3'ffff'f000}};
  ASSERT_TRUE(device.enable_queue(1, place, {count, &calls}).ok());
  const FakeRegisters::Queue& queue = registers.queues[1];
  EXPECT_EQ(queue.size, 64u);
  EXPECT_EQ(queue.ready, 1u);
  EXPECT_EQ(queue.addresses, (std::map<std::uint64_t, std::uint32_t>{{0x80, 0x2345'6000},
                                                                     {0x84, 1},
                                                                     {0x90, 0x10},
                                                                     {0x94, 2},
                                                                     {0xa0, 0xffff'f000},
                                                                     {0xa4, 3}}));
  EXPECT_EQ(registers.queues[0].ready, 0u);
  device.notify(1);
  EXPECT_EQ(registers.notified, (std::vector<std::uint32_t>{1}));
}

TEST_F(MmioDeviceTest, a_queue_that_is_in_use_or_does_not_become_ready_is_refused) {
  auto device = make();
  ASSERT_TRUE(device.negotiate(0, 0).ok());
  registers.queues[0].ready = 1;
  EXPECT_EQ(device.enable_queue(0, {.size = 16}, {count, &calls}).error(), Errc::kProtocol);
  EXPECT_EQ(lines.connections, 0);
  registers.queues[0].ready = 0;
  registers.takes_queues = false;
  EXPECT_EQ(device.enable_queue(0, {.size = 16}, {count, &calls}).error(), Errc::kProtocol);
  registers.reasons = kUsed;
  lines.raise();
  EXPECT_EQ(calls, 0) << "a queue that there is not has no handler";
}

TEST_F(MmioDeviceTest, sizes_of_queues_that_no_device_has_are_refused) {
  auto device = make();
  ASSERT_TRUE(device.negotiate(0, 0).ok());
  EXPECT_EQ(device.largest_queue(7).error(), Errc::kNoEntry);
  registers.queues[0].most = 0xffff'ffff;
  EXPECT_EQ(device.largest_queue(0).error(), Errc::kProtocol);
  EXPECT_EQ(device.enable_queue(0, {.size = 16}, {}).error(), Errc::kProtocol);
}

TEST_F(MmioDeviceTest, more_queues_than_have_room_for_a_handler_are_refused) {
  auto device = make();
  ASSERT_TRUE(device.negotiate(0, 0).ok());
  const std::uint16_t most = mmio::MmioDevice<FakeIo>::kMostQueues;
  for (std::uint16_t index = 0; index <= most; ++index) registers.queues[index].most = 16;
  for (std::uint16_t index = 0; index < most; ++index) {
    ASSERT_TRUE(device.enable_queue(index, {.size = 16}, {count, &calls}).ok());
  }
  EXPECT_EQ(device.enable_queue(most, {.size = 16}, {count, &calls}).error(), Errc::kNoMemory);
  EXPECT_EQ(registers.queues[most].ready, 0u);
  EXPECT_EQ(lines.connections, 1);
  registers.reasons = kUsed;
  lines.raise();
  EXPECT_EQ(calls, most);
}

TEST_F(MmioDeviceTest, a_line_that_is_taken_leaves_the_queue_alone) {
  auto device = make();
  ASSERT_TRUE(device.negotiate(0, 0).ok());
  lines.fault = Errc::kBusy;
  EXPECT_EQ(device.enable_queue(0, {.size = 16}, {count, &calls}).error(), Errc::kBusy);
  EXPECT_EQ(device.on_change({count, &changes}).error(), Errc::kBusy);
  EXPECT_EQ(registers.queues[0].ready, 0u);
  lines.fault = Errc{};
  ASSERT_TRUE(device.enable_queue(1, {.size = 16}, {count, &others}).ok());
  registers.reasons = kUsed | kChanged;
  lines.raise();
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(changes, 0);
  EXPECT_EQ(others, 1);
}

TEST_F(MmioDeviceTest, each_reason_is_acknowledged_and_told_to_whom_it_concerns) {
  auto device = make();
  ASSERT_TRUE(device.negotiate(0, 0).ok());
  ASSERT_TRUE(device.enable_queue(0, {.size = 16}, {count, &calls}).ok());
  ASSERT_TRUE(device.enable_queue(1, {.size = 16}, {count, &others}).ok());
  ASSERT_TRUE(device.on_change({count, &changes}).ok());
  EXPECT_EQ(lines.line, 17u);
  registers.reasons = kUsed;
  lines.raise();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(others, 1);
  EXPECT_EQ(changes, 0);
  registers.reasons = kChanged;
  lines.raise();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(changes, 1);
  registers.reasons = kUsed | kChanged;
  lines.raise();
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(changes, 2);
  EXPECT_EQ(registers.acknowledged,
            (std::vector<std::uint32_t>{kUsed, kChanged, kUsed | kChanged}));
  EXPECT_EQ(registers.looks_at_reasons, 3) << "each is an exit to the hypervisor";
}

TEST_F(MmioDeviceTest, reasons_that_there_are_not_are_not_acknowledged) {
  auto device = make();
  ASSERT_TRUE(device.negotiate(0, 0).ok());
  ASSERT_TRUE(device.enable_queue(0, {.size = 16}, {count, &calls}).ok());
  registers.reasons = 0xffff'fffc;
  lines.raise();
  EXPECT_TRUE(registers.acknowledged.empty());
  registers.reasons = 0xffff'ffff;
  lines.raise();
  EXPECT_EQ(registers.acknowledged, (std::vector<std::uint32_t>{3}));
  EXPECT_EQ(calls, 1);
}

TEST_F(MmioDeviceTest, an_edge_is_over_only_once_there_is_no_reason) {
  auto device = make(Trigger::kEdgeRising);
  ASSERT_TRUE(device.negotiate(0, 0).ok());
  ASSERT_TRUE(device.enable_queue(0, {.size = 16}, {count, &calls}).ok());
  ASSERT_TRUE(device.on_change({count, &changes}).ok());
  // Another reason comes up while the first is acknowledged: the line does not fall.
  registers.after_acknowledgement = [&] {
    if (registers.acknowledged.size() == 1) registers.reasons |= kChanged;
  };
  registers.reasons = kUsed;
  lines.raise();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(changes, 1);
  EXPECT_EQ(registers.reasons, 0u);
}

TEST_F(MmioDeviceTest, interrupts_for_no_reason_come_to_an_end) {
  auto device = make();
  ASSERT_TRUE(device.negotiate(0, 0).ok());
  ASSERT_TRUE(device.enable_queue(0, {.size = 16}, {count, &calls}).ok());
  for (int i = 0; i < 999; ++i) lines.raise();
  EXPECT_FALSE(lines.masked);
  registers.reasons = kUsed;
  lines.raise();
  EXPECT_EQ(calls, 1) << "a device that has a reason now and then is listened to";
  for (int i = 0; i < 999; ++i) lines.raise();
  EXPECT_FALSE(lines.masked);
  lines.raise();
  EXPECT_TRUE(lines.masked);
}

TEST_F(MmioDeviceTest, a_reason_that_is_never_over_comes_to_an_end) {
  auto device = make(Trigger::kEdgeRising);
  ASSERT_TRUE(device.negotiate(0, 0).ok());
  ASSERT_TRUE(device.enable_queue(0, {.size = 16}, {count, &calls}).ok());
  registers.reasons = registers.stuck_reasons = kUsed;
  lines.raise();
  EXPECT_TRUE(lines.masked);
  EXPECT_EQ(calls, 1'001);
}

TEST_F(MmioDeviceTest, after_a_reset_nobody_is_called) {
  auto device = make();
  ASSERT_TRUE(device.negotiate(0, 0).ok());
  ASSERT_TRUE(device.enable_queue(0, {.size = 16}, {count, &calls}).ok());
  ASSERT_TRUE(device.on_change({count, &changes}).ok());
  ASSERT_TRUE(device.reset().ok());
  EXPECT_EQ(lines.handler, nullptr);
  registers.queues[0].ready = 0;
  ASSERT_TRUE(device.negotiate(0, 0).ok());
  ASSERT_TRUE(device.enable_queue(0, {.size = 16}, {count, &others}).ok());
  EXPECT_EQ(lines.connections, 2);
  registers.reasons = kUsed | kChanged;
  lines.raise();
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(changes, 0);
  EXPECT_EQ(others, 1);
}

TEST_F(MmioDeviceTest, a_handler_may_ask_whether_a_reset_is_needed) {
  auto device = make();
  ASSERT_TRUE(device.negotiate(0, 0).ok());
  static bool needed;
  const auto look = [](void* whom) { needed = static_cast<virtio::Device*>(whom)->needs_reset(); };
  ASSERT_TRUE(device.on_change({look, static_cast<virtio::Device*>(&device)}).ok());
  registers.status |= 64;
  registers.reasons = kChanged;
  lines.raise();
  EXPECT_TRUE(needed);
}

TEST_F(MmioDeviceTest, its_configuration_is_read_by_the_widths_of_its_fields) {
  const auto device = make();
  EXPECT_EQ(device.read_config<std::uint8_t>(1).value(), '1');
  EXPECT_EQ(device.read_config<std::uint16_t>(2).value(), 0x3332);
  EXPECT_EQ(device.read_config<std::uint32_t>(4).value(), 0x3736'3534u);
  EXPECT_EQ(device.read_config<std::uint64_t>(8).value(), 0x6665'6463'6261'3938u);
  EXPECT_EQ(registers.config_reads, (std::vector<std::string>{"1:1", "2:2", "4:4", "12:4", "8:4"}));
  std::array<std::byte, 6> mac{};
  ASSERT_TRUE(device.read_config(0, mac, 1).ok());
  EXPECT_EQ(std::memcmp(mac.data(), "012345", 6), 0);
}

TEST_F(MmioDeviceTest, its_configuration_ends_with_its_registers) {
  const auto device = make();
  EXPECT_TRUE(device.read_config<std::uint8_t>(15).ok());
  EXPECT_EQ(device.read_config<std::uint8_t>(16).error(), Errc::kNoEntry);
  EXPECT_EQ(device.read_config<std::uint64_t>(12).error(), Errc::kNoEntry);
  EXPECT_EQ(device.read_config<std::uint32_t>(0xffff'fffc).error(), Errc::kNoEntry);
  EXPECT_EQ(registers.config_reads.size(), 1u);
}

}  // namespace
}  // namespace virtio_mmio_test
