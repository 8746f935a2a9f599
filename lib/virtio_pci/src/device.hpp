// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/mmio.hpp>
#include <atoll/virtio.hpp>
#include <atoll/virtio/transport.hpp>
#include <optional>
#include <utility>

namespace atl::virtio_pci {

/// The structures of a device, mapped.
template <RegisterIo Io>
struct Registers {
  Io common;
  Io notify;
  Io interrupt;
  Io config;
  std::uint64_t notify_bytes = 0;
  std::uint64_t config_bytes = 0;
  std::uint32_t notify_multiplier = 0;
};

/// A modern device on PCI (virtio 1.2 §4.1), reached by `Io`. `Ways`: as Interrupts.
template <RegisterIo Io, typename Ways>
class PciDevice final : public virtio::Device {
 public:
  /// Queues that can be used: as if there were no further ones.
  static constexpr std::size_t kMostQueues = 64;

  template <typename... Arguments>
  PciDevice(const Registers<Io>& registers, std::uint32_t type, std::string_view name,
            Arguments&&... ways)
      : Device(type, name), registers_(registers), ways_(std::forward<Arguments>(ways)...) {}

 private:
  using Interrupt = virtio::Interrupt;

  // Of the common configuration (§4.1.4.3).
  static constexpr std::uint64_t kDeviceFeatureSelect = 0, kDeviceFeature = 4;
  static constexpr std::uint64_t kDriverFeatureSelect = 8, kDriverFeature = 12;
  static constexpr std::uint64_t kConfigVector = 16, kQueues = 18, kStatus = 20, kGeneration = 21;
  static constexpr std::uint64_t kQueueSelect = 22, kQueueSize = 24, kQueueVector = 26;
  static constexpr std::uint64_t kQueueEnable = 28, kQueueNotifyOffset = 30;
  static constexpr std::uint64_t kQueueDescriptors = 32, kQueueDriver = 40, kQueueDevice = 48;

  // Of the interrupt status (§4.1.4.5).
  static constexpr std::uint8_t kUsedBuffer = 1, kConfigurationChange = 2;

  template <typename T>
  [[nodiscard]] T read(std::uint64_t offset) const {
    return registers_.common.template read<T>(offset);
  }
  template <typename T>
  void write(std::uint64_t offset, T value) const {
    registers_.common.template write<T>(offset, value);
  }
  // §4.1.3.1: by two of 32 bits.
  void write_address(std::uint64_t offset, PhysAddr address) const {
    write(offset, static_cast<std::uint32_t>(address.value()));
    write(offset + 4, static_cast<std::uint32_t>(address.value() >> 32));
  }

  std::uint8_t do_status() const override { return read<std::uint8_t>(kStatus); }
  void do_set_status(std::uint8_t status) override { write(kStatus, status); }
  std::uint32_t do_features(std::uint32_t word) const override {
    write(kDeviceFeatureSelect, word);
    return read<std::uint32_t>(kDeviceFeature);
  }
  void do_set_features(std::uint32_t word, std::uint32_t bits) override {
    write(kDriverFeatureSelect, word);
    write(kDriverFeature, bits);
  }

  std::uint32_t do_largest_queue(std::uint16_t index) override {
    if (index >= kMostQueues || index >= read<std::uint16_t>(kQueues)) return 0;
    write(kQueueSelect, index);
    return read<std::uint16_t>(kQueueSize);
  }

  // §4.1.5.1.3.
  Result<void> do_enable_queue(std::uint16_t index, const virtio::QueuePlace& place,
                               Interrupt interrupt) override {
    if (!handlers_.has_room()) return fail(Errc::kNoMemory);
    write(kQueueSelect, index);
    if (read<std::uint16_t>(kQueueEnable) != 0) return fail(Errc::kProtocol);
    const std::uint64_t notify =
        std::uint64_t{read<std::uint16_t>(kQueueNotifyOffset)} * registers_.notify_multiplier;
    if (notify + sizeof(std::uint16_t) > registers_.notify_bytes || notify % 2 != 0) {
      return fail(Errc::kProtocol);
    }
    notify_offsets_[index] = notify;
    write(kQueueSize, place.size);
    write_address(kQueueDescriptors, place.descriptors);
    write_address(kQueueDriver, place.driver);
    write_address(kQueueDevice, place.device);
    const std::uint16_t shared = TRY(connect_shared());
    const bool interrupts = interrupt.handler != nullptr;
    const auto own = interrupts ? ways_.connect_own(interrupt) : std::nullopt;
    const std::uint16_t vector = !interrupts ? Ways::kNone : own.value_or(shared);
    write(kQueueVector, vector);
    if (read<std::uint16_t>(kQueueVector) != vector) return fail(Errc::kNoMemory);
    write(kQueueEnable, std::uint16_t{1});
    if (read<std::uint16_t>(kQueueEnable) != 1) return fail(Errc::kProtocol);
    if (!own) handlers_.add_queue(interrupt);
    return {};
  }

  /// The vector of what queues share, or none.
  Result<std::uint16_t> connect_shared() {
    const std::uint16_t shared = TRY(ways_.connect_shared(on_shared(), this));
    messages_ = shared != Ways::kNone;
    return shared;
  }

  Result<void> do_on_change(Interrupt interrupt) override {
    const std::uint16_t shared = TRY(connect_shared());
    handlers_.set_change(interrupt);
    write(kConfigVector, shared);
    return read<std::uint16_t>(kConfigVector) == shared ? Result<void>{} : fail(Errc::kNoMemory);
  }

  void do_disconnect() override {
    ways_.disconnect();
    handlers_.clear();
  }

  // §4.1.5.2.
  void do_notify(std::uint16_t index) override {
    registers_.notify.template write<std::uint16_t>(notify_offsets_[index], index);
  }

  std::uint32_t do_config_generation() const override { return read<std::uint8_t>(kGeneration); }
  Result<void> do_read_config(std::uint32_t offset, std::span<std::byte> into) const override {
    return virtio::read_config_field(registers_.config, 0, registers_.config_bytes, offset, into);
  }

  static irq::Handler on_shared() {
    return [](void* device) { static_cast<PciDevice*>(device)->handle_shared(); };
  }
  void handle_shared() {
    // A message says that there is a reason; behind a pin the status does, and reading it takes
    // the interrupt back.
    std::uint8_t reasons = kUsedBuffer | kConfigurationChange;
    if (!messages_) reasons = registers_.interrupt.template read<std::uint8_t>(0);
    if ((reasons & kUsedBuffer) != 0) handlers_.call_queues();
    if ((reasons & kConfigurationChange) != 0) handlers_.call_change();
  }

  Registers<Io> registers_;
  Ways ways_;
  bool messages_ = false;
  std::array<std::uint64_t, kMostQueues> notify_offsets_{};
  virtio::Handlers<kMostQueues> handlers_;  // of queues without a message of their own
};

}  // namespace atl::virtio_pci
