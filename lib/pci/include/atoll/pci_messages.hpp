// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/irq_messages.hpp>
#include <atoll/pci.hpp>
#include <cstdint>
#include <span>

/// Interrupts that a device sends as messages (PCI Local Bus Specification 3.0 §6.8).
/// Not from interrupt handlers, but for mask() and unmask().
namespace atl::pci {

/// The table of MSI-X (§6.8.2): one message a vector.
class MsixTable {
 public:
  constexpr MsixTable() = default;

  /// Takes over the table of `device`, with all vectors masked, and lets the device
  /// decode memory and interrupt by it rather than by its pin. `room`, one message for
  /// each vector that is to be used, the first ones, outlives the use of the table.
  /// kNoEntry: the device has no MSI-X. kBadMessage: its table does not lie where it says.
  /// Else errors of Device::map() and message_source().
  static Result<MsixTable> open(const Device& device, std::span<irq::DeviceMessage> room);

  /// Vectors that can be connected: as many as the device has, or as there is room for.
  [[nodiscard]] unsigned size() const { return static_cast<unsigned>(messages_.size()); }

  /// Sends `vector` to `handler`, masked. kOutOfRange: not below size(). kBusy: connected
  /// already. Else errors of irq::connect_message().
  Result<void> connect(unsigned vector, irq::Handler handler, void* context);
  /// Nothing for a vector that is not connected; so the next two.
  void disconnect(unsigned vector);
  /// A vector that is masked remembers that it came, once. Any context.
  void mask(unsigned vector);
  void unmask(unsigned vector);

  /// Disconnects all and turns MSI-X off: where connect() has no messages, what comes
  /// before the device's pin is taken instead.
  void close(const Device& device);

 private:
  [[nodiscard]] bool connected(unsigned vector) const {
    return vector < messages_.size() && messages_[vector].line != 0;
  }

  Mmio table_;
  std::span<irq::DeviceMessage> messages_;  // line 0: not connected
  irq::MessageSource source_;
  std::uint16_t capability_ = 0;
};

/// MSI (§6.8.1), one message of it.
class Msi {
 public:
  constexpr Msi() = default;

  /// Sends the interrupt of `device` to `handler`, masked, rather than by its pin.
  /// kNoEntry: the device has no MSI. kNotSupported: it cannot say the address. Else
  /// errors of message_source() and irq::connect_message().
  static Result<Msi> connect(const Device& device, irq::Handler handler, void* context);
  void disconnect(const Device& device);
  /// While masked it remembers that it came, once. Any context.
  void mask() { irq::root().mask(line_); }
  void unmask() { irq::root().unmask(line_); }

 private:
  std::uint32_t line_ = 0;
  std::uint16_t capability_ = 0;
};

}  // namespace atl::pci
