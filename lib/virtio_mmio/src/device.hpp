// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/log.hpp>
#include <atoll/mmio.hpp>
#include <atoll/virtio.hpp>
#include <atoll/virtio/transport.hpp>
#include <atoll/virtio_mmio.hpp>

namespace atl::virtio_mmio {

using virtio::Interrupt;
using virtio::QueuePlace;

// §4.2.2, table 4.1.
inline constexpr std::uint64_t kMagicValue = 0x00, kVersion = 0x04, kDeviceId = 0x08;
inline constexpr std::uint64_t kDeviceFeatures = 0x10, kDeviceFeaturesSel = 0x14;
inline constexpr std::uint64_t kDriverFeatures = 0x20, kDriverFeaturesSel = 0x24;
inline constexpr std::uint64_t kQueueSel = 0x30, kQueueNumMax = 0x34, kQueueNum = 0x38;
inline constexpr std::uint64_t kQueueReady = 0x44, kQueueNotify = 0x50;
inline constexpr std::uint64_t kInterruptStatus = 0x60, kInterruptAck = 0x64, kStatus = 0x70;
inline constexpr std::uint64_t kQueueDesc = 0x80, kQueueDriver = 0x90, kQueueDevice = 0xa0;
inline constexpr std::uint64_t kConfigGeneration = 0xfc, kConfig = 0x100;

/// What stands at the beginning of the registers.
struct Identity {
  std::uint32_t version = 0;
  std::uint32_t type = 0;  ///< 0: a place without a device
};

/// kNoDevice where they are no virtio device's (§4.2.3.1.1).
template <RegisterIo Io>
Result<Identity> identify(const Io& io) {
  constexpr std::uint32_t kVirt = 0x7472'6976;
  if (io.template read<std::uint32_t>(kMagicValue) != kVirt) return fail(Errc::kNoDevice);
  Identity found;
  found.type = io.template read<std::uint32_t>(kDeviceId);
  if (found.type != 0) found.version = io.template read<std::uint32_t>(kVersion);
  return found;
}

/// A device of version 2 (§4.2.2), reached by `Io`.
template <RegisterIo Io>
class MmioDevice final : public virtio::Device {
 public:
  /// Queues that can have an interrupt; a further one is kNoMemory.
  static constexpr std::size_t kMostQueues = 32;

  /// `size`: bytes of registers, at least kConfig.
  MmioDevice(Io io, std::uint64_t size, std::uint32_t type, std::string_view name, const Line& line)
      : Device(type, name), io_(io), config_size_(size - kConfig), line_(line) {}

 private:
  static constexpr std::uint32_t kUsedBuffer = 1, kConfigurationChange = 2;
  // Interrupts without a reason in a row, and reasons in one interrupt: a working device comes
  // near neither.
  static constexpr int kPatience = 1'000;

  [[nodiscard]] std::uint32_t read(std::uint64_t offset) const {
    return io_.template read<std::uint32_t>(offset);
  }
  void write(std::uint64_t offset, std::uint32_t value) const {
    io_.template write<std::uint32_t>(offset, value);
  }
  void write_address(std::uint64_t offset, PhysAddr address) const {
    write(offset, static_cast<std::uint32_t>(address.value()));
    write(offset + 4, static_cast<std::uint32_t>(address.value() >> 32));
  }

  std::uint8_t do_status() const override { return static_cast<std::uint8_t>(read(kStatus)); }
  void do_set_status(std::uint8_t status) override { write(kStatus, status); }
  std::uint32_t do_features(std::uint32_t word) const override {
    write(kDeviceFeaturesSel, word);
    return read(kDeviceFeatures);
  }
  void do_set_features(std::uint32_t word, std::uint32_t bits) override {
    write(kDriverFeaturesSel, word);
    write(kDriverFeatures, bits);
  }

  std::uint32_t do_largest_queue(std::uint16_t index) override {
    write(kQueueSel, index);
    return read(kQueueNumMax);
  }

  // §4.2.3.2.
  Result<void> do_enable_queue(std::uint16_t index, const QueuePlace& place,
                               Interrupt interrupt) override {
    write(kQueueSel, index);
    if (read(kQueueReady) != 0) return fail(Errc::kProtocol);
    write(kQueueNum, place.size);
    write_address(kQueueDesc, place.descriptors);
    write_address(kQueueDriver, place.driver);
    write_address(kQueueDevice, place.device);
    TRY(listen());
    if (!handlers_.has_room()) return fail(Errc::kNoMemory);
    write(kQueueReady, 1);
    if (read(kQueueReady) != 1) return fail(Errc::kProtocol);
    handlers_.add_queue(interrupt);
    return {};
  }
  Result<void> do_on_change(Interrupt interrupt) override {
    TRY(listen());
    handlers_.set_change(interrupt);
    return {};
  }

  Result<void> listen() {
    if (connected_) return {};
    TRY(line_.domain.connect(line_.number, line_.trigger, on_interrupt, this));
    connected_ = true;
    line_.domain.unmask(line_.number);
    return {};
  }
  void do_disconnect() override {
    if (connected_) line_.domain.disconnect(line_.number);
    connected_ = false;
    idle_ = 0;
    handlers_.clear();
  }

  void do_notify(std::uint16_t index) override { write(kQueueNotify, index); }

  std::uint32_t do_config_generation() const override { return read(kConfigGeneration); }
  Result<void> do_read_config(std::uint32_t offset, std::span<std::byte> into) const override {
    return virtio::read_config_field(io_, kConfig, config_size_, offset, into);
  }

  static void on_interrupt(void* device) { static_cast<MmioDevice*>(device)->handle_interrupt(); }

  void handle_interrupt() {
    bool any = take_reasons();
    idle_ = any ? 0 : idle_ + 1;
    // A level comes back where the device has another reason by now; an edge comes only once
    // it has had none.
    const bool level = irq::is_level(line_.trigger);
    for (int look = 0; !level && any && look < kPatience; ++look) any = take_reasons();
    const bool endless = !level && any;
    if (idle_ < kPatience && !endless) return;
    line_.domain.mask(line_.number);
    log::error("virtio_mmio", "{}: interrupts without end, and is no longer listened to", name());
  }

  // Whether the device had a reason to interrupt.
  bool take_reasons() {
    const std::uint32_t reasons = read(kInterruptStatus) & (kUsedBuffer | kConfigurationChange);
    if (reasons == 0) return false;
    // First, so that what comes while the handlers run interrupts again.
    write(kInterruptAck, reasons);
    if ((reasons & kUsedBuffer) != 0) handlers_.call_queues();
    if ((reasons & kConfigurationChange) != 0) handlers_.call_change();
    return true;
  }

  Io io_;
  std::uint64_t config_size_;
  Line line_;
  virtio::Handlers<kMostQueues> handlers_;
  bool connected_ = false;
  int idle_ = 0;  // interrupts in a row that had no reason
};

}  // namespace atl::virtio_mmio
