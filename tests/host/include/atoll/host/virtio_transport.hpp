// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/virtio.hpp>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace atl::host {

/// A device, and the transport that shows it: what is public is its side.
class FakeTransport final : public virtio::Device {
 public:
  explicit FakeTransport(std::uint32_t type = 1, std::uint64_t features = 0)
      : Device(type, "fake"), offered(features | virtio::feature::kVersion1) {}

  std::uint64_t offered;
  std::uint64_t taken = 0;    ///< what the driver has accepted
  std::uint64_t refused = 0;  ///< features with which it does not set FEATURES_OK
  std::uint8_t status = 0;
  std::vector<int> statuses;  ///< all that were written
  int reset_looks = 0;        ///< until its reset ends
  std::map<std::uint16_t, std::uint32_t> sizes{{0, 256}};
  bool refuses_queues = false;
  std::map<std::uint16_t, virtio::QueuePlace> queues;
  std::map<std::uint16_t, virtio::Interrupt> interrupts;
  virtio::Interrupt change;
  std::vector<std::uint16_t> notified;
  std::function<void(std::uint16_t)> on_notify;
  std::string config;
  std::function<void()> before_config_byte;  ///< called before each read
  std::uint32_t generation = 0;
  int disconnects = 0;

 private:
  std::uint8_t do_status() const override {
    if (resetting_ > 0) return --resetting_, 4;
    return status;
  }
  void do_set_status(std::uint8_t value) override {
    statuses.push_back(value);
    status = value;
    if (value == 0) {
      resetting_ = reset_looks;
      queues.clear();
    }
    if ((value & 8) != 0 && (taken & refused) != 0) status &= static_cast<std::uint8_t>(~8);
  }
  std::uint32_t do_features(std::uint32_t word) const override {
    return static_cast<std::uint32_t>(offered >> (32 * word));
  }
  void do_set_features(std::uint32_t word, std::uint32_t bits) override {
    const std::uint64_t mask = std::uint64_t{0xffff'ffff} << (32 * word);
    taken = (taken & ~mask) | std::uint64_t{bits} << (32 * word);
  }
  std::uint32_t do_largest_queue(std::uint16_t index) override {
    const auto found = sizes.find(index);
    return found == sizes.end() ? 0 : found->second;
  }
  Result<void> do_enable_queue(std::uint16_t index, const virtio::QueuePlace& place,
                               virtio::Interrupt interrupt) override {
    if (refuses_queues) return fail(Errc::kProtocol);
    queues[index] = place;
    interrupts[index] = interrupt;
    return {};
  }
  Result<void> do_on_change(virtio::Interrupt interrupt) override {
    change = interrupt;
    return {};
  }
  void do_disconnect() override {
    ++disconnects;
    interrupts.clear();
    change = {};
  }
  void do_notify(std::uint16_t index) override {
    notified.push_back(index);
    if (on_notify) on_notify(index);
  }
  std::uint32_t do_config_generation() const override { return generation; }
  Result<void> do_read_config(std::uint32_t offset, std::span<std::byte> into) const override {
    if (before_config_byte) before_config_byte();
    if (offset + into.size() > config.size()) return fail(Errc::kNoEntry);
    std::memcpy(into.data(), config.data() + offset, into.size());
    return {};
  }

  mutable int resetting_ = 0;
};

}  // namespace atl::host
