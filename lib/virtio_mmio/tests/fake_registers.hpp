// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <gtest/gtest.h>

#include <atoll/irq.hpp>
#include <atoll/mmio.hpp>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "../src/device.hpp"

namespace virtio_mmio_test {

using namespace atl;
namespace mmio = virtio_mmio;

/// A device behind its registers, by virtio 1.2 §4.2.2. What is public is its side.
struct FakeRegisters {
  struct Queue {
    std::uint32_t most = 0, size = 0, ready = 0;
    std::map<std::uint64_t, std::uint32_t> addresses;
  };

  std::uint32_t magic = 0x7472'6976, version = 2, type = 4;
  std::uint64_t offered = virtio::feature::kVersion1;
  std::uint64_t accepted = 0;
  std::uint32_t status = 0;
  bool resets = true;
  std::map<std::uint32_t, Queue> queues;
  bool takes_queues = true;
  std::uint32_t reasons = 0;        ///< InterruptStatus
  std::uint32_t stuck_reasons = 0;  ///< of them, those that no acknowledgement clears
  std::vector<std::uint32_t> acknowledged;
  std::vector<std::uint32_t> notified;
  std::string config;
  std::uint32_t generation = 0;
  std::vector<std::string> config_reads;  ///< offset and width
  int looks_at_reasons = 0;
  std::function<void()> after_acknowledgement;

  std::uint32_t read_register(std::uint64_t offset) {
    switch (offset) {
      case 0x00:
        return magic;
      case 0x04:
        return version;
      case 0x08:
        return type;
      case 0x10:
        return word(offered, device_features_word_);
      case 0x34:
        return queues[selected_].most;
      case 0x44:
        return queues[selected_].ready;
      case 0x60:
        ++looks_at_reasons;
        return reasons;
      case 0x70:
        return status;
      case 0xfc:
        return generation;
      default:
        ADD_FAILURE() << "read of register " << offset;
        return 0;
    }
  }

  void write_register(std::uint64_t offset, std::uint32_t value) {
    switch (offset) {
      case 0x14:
        device_features_word_ = value;
        return;
      case 0x20:
        accepted |= std::uint64_t{value} << (32 * driver_features_word_);
        return;
      case 0x24:
        driver_features_word_ = value;
        return;
      case 0x30:
        selected_ = value;
        return;
      case 0x38:
        EXPECT_EQ(queues[selected_].ready, 0u);
        queues[selected_].size = value;
        return;
      case 0x44:
        if (takes_queues) queues[selected_].ready = value;
        return;
      case 0x50:
        notified.push_back(value);
        return;
      case 0x64:
        acknowledged.push_back(value);
        reasons &= ~value | stuck_reasons;
        if (after_acknowledgement) after_acknowledgement();
        return;
      case 0x70:
        if (value != 0 || resets) status = value;
        return;
      case 0x80:
      case 0x84:
      case 0x90:
      case 0x94:
      case 0xa0:
      case 0xa4:
        EXPECT_EQ(queues[selected_].ready, 0u);
        queues[selected_].addresses[offset] = value;
        return;
      default:
        ADD_FAILURE() << "write of register " << offset;
    }
  }

 private:
  static std::uint32_t word(std::uint64_t bits, std::uint32_t index) {
    return index < 2 ? static_cast<std::uint32_t>(bits >> (32 * index)) : 0;
  }

  std::uint32_t selected_ = 0, device_features_word_ = 0, driver_features_word_ = 0;
};

/// §4.2.2.2: registers by 32 bits, the configuration by up to 32, aligned.
struct FakeIo {
  FakeRegisters* device = nullptr;

  template <typename T>
  T read(std::uint64_t offset) const {
    EXPECT_LE(sizeof(T), 4u);
    EXPECT_EQ(offset % sizeof(T), 0u);
    if (offset < 0x100) {
      EXPECT_EQ(sizeof(T), 4u);
      return static_cast<T>(device->read_register(offset));
    }
    offset -= 0x100;
    device->config_reads.push_back(std::to_string(offset) + ":" + std::to_string(sizeof(T)));
    T value{};
    EXPECT_LE(offset + sizeof(T), device->config.size());
    std::memcpy(&value, device->config.data() + offset, sizeof value);
    return value;
  }
  template <typename T>
  void write(std::uint64_t offset, T value) const {
    EXPECT_EQ(sizeof(T), 4u);
    device->write_register(offset, value);
  }
};

/// A controller with one line that counts, and that the test raises.
class FakeLines final : public irq::Domain {
 public:
  std::uint32_t line = 0;
  irq::Handler handler = nullptr;
  void* context = nullptr;
  bool masked = true;
  int connections = 0;
  Errc fault{};

  void raise() {
    if (handler != nullptr && !masked) handler(context);
  }

 private:
  Result<void> do_connect(std::uint32_t number, irq::Trigger, irq::Handler called,
                          void* with) override {
    if (fault != Errc{}) return fail(fault);
    ++connections;
    line = number;
    handler = called;
    context = with;
    masked = true;
    return {};
  }
  void do_disconnect(std::uint32_t) override {
    handler = nullptr;
    masked = true;
  }
  void do_unmask(std::uint32_t) override { masked = false; }
  void do_mask(std::uint32_t) override { masked = true; }
};

}  // namespace virtio_mmio_test
