// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "../src/device.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace atl;
using virtio::Interrupt;

/// The device's side of its structures (virtio 1.2 §4.1.4.3 to §4.1.4.6).
struct Fake {
  struct Queue {
    std::uint16_t size = 0, vector = 0xffff, enable = 0, notify_offset = 0;
    std::map<std::uint64_t, std::uint32_t> addresses;
  };
  std::map<std::uint16_t, Queue> queues;
  std::uint64_t offered = virtio::feature::kVersion1;
  std::uint64_t accepted = 0;
  std::uint16_t queue_count = 3;
  std::uint16_t config_vector = 0xffff;
  std::uint8_t status = 0, generation = 0, reasons = 0;
  bool takes_vectors = true, takes_queues = true;
  std::string config;
  std::vector<std::pair<std::uint64_t, std::uint16_t>> notified;

  std::uint64_t read_common(std::uint64_t offset) {
    Queue& queue = queues[selected_];
    switch (offset) {
      case 4:
        return offered >> (32 * device_word_) & 0xffff'ffff;
      case 16:
        return config_vector;
      case 18:
        return queue_count;
      case 20:
        return status;
      case 21:
        return generation;
      case 24:
        return queue.size;
      case 26:
        return queue.vector;
      case 28:
        return queue.enable;
      case 30:
        return queue.notify_offset;
      default:
        ADD_FAILURE() << "read of " << offset;
        return 0;
    }
  }
  void write_common(std::uint64_t offset, std::uint64_t value) {
    Queue& queue = queues[selected_];
    const auto half = static_cast<std::uint16_t>(value);
    switch (offset) {
      case 0:
        device_word_ = static_cast<unsigned>(value);
        break;
      case 8:
        driver_word_ = static_cast<unsigned>(value);
        break;
      case 12:
        accepted |= value << (32 * driver_word_);
        break;
      case 16:
        config_vector = takes_vectors ? half : 0xffff;
        break;
      case 20:
        status = static_cast<std::uint8_t>(value);
        break;
      case 22:
        selected_ = half;
        break;
      case 24:
        queue.size = half;
        break;
      case 26:
        queue.vector = takes_vectors ? half : 0xffff;
        break;
      case 28:
        queue.enable = takes_queues ? half : 0;
        break;
      default:
        EXPECT_TRUE(offset >= 32 && offset < 56) << offset;
        queue.addresses[offset] = static_cast<std::uint32_t>(value);
    }
  }

 private:
  unsigned device_word_ = 0, driver_word_ = 0;
  std::uint16_t selected_ = 0;
};

/// One of the structures.
struct FakeIo {
  enum Which { kCommon, kNotify, kInterrupt, kConfig };
  Fake* fake = nullptr;
  Which which = kCommon;

  template <typename T>
  [[nodiscard]] T read(std::uint64_t offset) const {
    switch (which) {
      case kCommon:
        return static_cast<T>(fake->read_common(offset));
      case kInterrupt:
        return static_cast<T>(std::exchange(fake->reasons, std::uint8_t{0}));
      case kConfig: {
        T value{};
        if (offset + sizeof value > fake->config.size()) ADD_FAILURE() << "outside: " << offset;
        std::memcpy(&value, fake->config.data() + offset, sizeof value);
        return value;
      }
      case kNotify:
        break;
    }
    ADD_FAILURE() << "nothing to be read";
    return {};
  }
  template <typename T>
  void write(std::uint64_t offset, T value) const {
    if (which == kNotify) {
      fake->notified.emplace_back(offset, static_cast<std::uint16_t>(value));
    } else {
      ASSERT_EQ(which, kCommon);
      fake->write_common(offset, value);
    }
  }
};

/// Messages as a test has them, or a pin.
struct FakeWays {
  static constexpr std::uint16_t kNone = 0xffff;
  struct State {
    int messages = 0;  // 0: a pin
    Errc error{};
    Interrupt shared;
    std::vector<Interrupt> own;
  };
  explicit FakeWays(State& some) : state(some) {}
  State& state;

  Result<std::uint16_t> connect_shared(irq::Handler handler, void* context) {
    if (state.error != Errc{}) return fail(state.error);
    state.shared = {handler, context};
    return state.messages > 0 ? std::uint16_t{0} : kNone;
  }
  std::optional<std::uint16_t> connect_own(Interrupt interrupt) {
    if (static_cast<int>(state.own.size()) + 1 >= state.messages) return std::nullopt;
    state.own.push_back(interrupt);
    return static_cast<std::uint16_t>(state.own.size());
  }
  void disconnect() {
    state.shared = {};
    state.own.clear();
  }
};

struct DeviceTest : testing::Test {
  using Device = virtio_pci::PciDevice<FakeIo, FakeWays>;

  void SetUp() override {
    for (const std::uint16_t index : {0, 1, 2}) {
      fake.queues[index].size = 256;
      fake.queues[index].notify_offset = index;
    }
  }
  Fake fake;
  FakeWays::State ways;
  virtio_pci::Registers<FakeIo> registers{{&fake, FakeIo::kCommon},
                                          {&fake, FakeIo::kNotify},
                                          {&fake, FakeIo::kInterrupt},
                                          {&fake, FakeIo::kConfig},
                                          12,
                                          8,
                                          4};
  Device device{registers, 1, "fake", ways};

  std::array<int, 4> calls{};
  Interrupt counting(std::size_t which) {
    return {[](void* count) { ++*static_cast<int*>(count); }, &calls[which]};
  }
  void start() {
    ASSERT_TRUE(device.negotiate(0, 0).ok());
    for (const std::uint16_t index : {0, 1, 2}) {
      ASSERT_TRUE(device
                      .enable_queue(index,
                                    {64, PhysAddr{0x1'0000'1000}, PhysAddr{0x2'0000'2000},
                                     PhysAddr{0x3'0000'3000}},
                                    counting(index))
                      .ok());
    }
    ASSERT_TRUE(device.on_change(counting(3)).ok());
    device.start();
  }
};

TEST_F(DeviceTest, queues_are_where_they_are_told_to_be) {
  fake.offered |= std::uint64_t{1} << 5;
  ASSERT_TRUE(device.negotiate(1 << 5, 0).ok());
  EXPECT_EQ(fake.accepted, virtio::feature::kVersion1 | 1 << 5);
  start();
  EXPECT_EQ(fake.status, 15);
  const auto& queue = fake.queues[1];
  EXPECT_EQ(queue.size, 64);
  EXPECT_EQ(queue.enable, 1);
  const std::map<std::uint64_t, std::uint32_t> expected{{32, 0x1000}, {36, 1},      {40, 0x2000},
                                                        {44, 2},      {48, 0x3000}, {52, 3}};
  EXPECT_EQ(queue.addresses, expected);
}

TEST_F(DeviceTest, a_queue_is_notified_at_its_place) {
  start();
  device.notify(0);
  device.notify(2);
  const std::vector<std::pair<std::uint64_t, std::uint16_t>> expected{{0, 0}, {8, 2}};
  EXPECT_EQ(fake.notified, expected);
}

TEST_F(DeviceTest, a_place_outside_is_refused) {
  ASSERT_TRUE(device.negotiate(0, 0).ok());
  for (const std::uint16_t offset : {std::uint16_t{3}, std::uint16_t{0xffff}}) {
    fake.queues[0].notify_offset = offset;
    EXPECT_EQ(device.enable_queue(0, {.size = 1}, {}).error(), Errc::kProtocol) << offset;
  }
}

TEST_F(DeviceTest, queues_have_messages_of_their_own_as_far_as_there_are) {
  ways.messages = 3;
  start();
  EXPECT_EQ(fake.queues[0].vector, 1);
  EXPECT_EQ(fake.queues[1].vector, 2);
  EXPECT_EQ(fake.queues[2].vector, 0) << "the one that all share";
  EXPECT_EQ(fake.config_vector, 0);
  ways.own[1].handler(ways.own[1].context);
  EXPECT_EQ(calls, (std::array{0, 1, 0, 0}));
  ways.shared.handler(ways.shared.context);
  EXPECT_EQ(calls, (std::array{0, 1, 1, 1})) << "a message has no reasons to be read";
}

TEST_F(DeviceTest, behind_a_pin_the_status_says_why) {
  start();
  EXPECT_EQ(fake.queues[0].vector, 0xffff);
  EXPECT_EQ(fake.config_vector, 0xffff);
  const auto interrupt = [&](std::uint8_t reasons) {
    fake.reasons = reasons;
    ways.shared.handler(ways.shared.context);
    return calls;
  };
  EXPECT_EQ(interrupt(0), (std::array{0, 0, 0, 0}));
  EXPECT_EQ(interrupt(1), (std::array{1, 1, 1, 0}));
  EXPECT_EQ(interrupt(2), (std::array{1, 1, 1, 1}));
  EXPECT_EQ(interrupt(0xff), (std::array{2, 2, 2, 2}));
  EXPECT_EQ(fake.reasons, 0) << "taken back";
}

TEST_F(DeviceTest, after_a_reset_nobody_is_called) {
  start();
  const Interrupt pin = ways.shared;
  ASSERT_TRUE(device.reset().ok());
  EXPECT_EQ(ways.shared.handler, nullptr);
  // On another CPU it may still be at work.
  fake.reasons = 3;
  pin.handler(pin.context);
  EXPECT_EQ(calls, (std::array{0, 0, 0, 0}));
}

TEST_F(DeviceTest, a_device_that_does_not_do_its_part_is_refused) {
  ASSERT_TRUE(device.negotiate(0, 0).ok());
  EXPECT_EQ(device.largest_queue(3).error(), Errc::kNoEntry) << "it has three";
  fake.queue_count = 0xffff;
  EXPECT_EQ(device.largest_queue(64).error(), Errc::kNoEntry);
  fake.queues[64].size = 8;
  EXPECT_EQ(device.largest_queue(64).error(), Errc::kNoEntry);
  EXPECT_EQ(device.enable_queue(64, {.size = 8}, {}).error(), Errc::kNoEntry);
  fake.queues[0].enable = 1;
  EXPECT_EQ(device.enable_queue(0, {.size = 8}, {}).error(), Errc::kProtocol);
  fake.queues[0].enable = 0;
  fake.takes_queues = false;
  EXPECT_EQ(device.enable_queue(0, {.size = 8}, {}).error(), Errc::kProtocol);
  fake.takes_vectors = false;
  ways.messages = 2;
  EXPECT_EQ(device.enable_queue(1, {.size = 8}, counting(1)).error(), Errc::kNoMemory);
  EXPECT_EQ(device.on_change(counting(3)).error(), Errc::kNoMemory);
  ways.error = Errc::kNoEntry;
  EXPECT_EQ(device.enable_queue(1, {.size = 8}, counting(1)).error(), Errc::kNoEntry);
  EXPECT_EQ(device.on_change(counting(3)).error(), Errc::kNoEntry);
}

TEST_F(DeviceTest, its_configuration_is_read_by_fields_and_not_beyond) {
  fake.config = std::string("\1\2\3\4\5\6\7\10", 8);
  EXPECT_EQ(device.read_config<std::uint8_t>(7).value(), 8);
  EXPECT_EQ(device.read_config<std::uint16_t>(2).value(), 0x0403);
  EXPECT_EQ(device.read_config<std::uint32_t>(4).value(), 0x0807'0605u);
  EXPECT_EQ(device.read_config<std::uint64_t>(0).value(), 0x0807'0605'0403'0201u);
  EXPECT_EQ(device.read_config<std::uint8_t>(8).error(), Errc::kNoEntry);
  EXPECT_EQ(device.read_config<std::uint32_t>(6).error(), Errc::kNoEntry);
  EXPECT_EQ(device.read_config<std::uint32_t>(0xffff'fffc).error(), Errc::kNoEntry);
}

}  // namespace
