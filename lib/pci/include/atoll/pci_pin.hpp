// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/irq.hpp>
#include <atoll/pci.hpp>
#include <atomic>
#include <cstdint>
#include <optional>

namespace atl::pci {

/// The interrupt pin of a device (PCI Local Bus Specification 3.0 §2.2.6): a level on a
/// line that it may share with others. For devices of PCI 2.3 or later, which say
/// whether they interrupt (§6.2.3, Interrupt Status) and can be told not to (§6.2.2,
/// Interrupt Disable).
///
/// The object stands on the line while connected: it does not move, and lives until it
/// is disconnected.
class Pin {
 public:
  constexpr Pin() = default;
  Pin(const Pin&) = delete;
  Pin& operator=(const Pin&) = delete;

  /// Sends the pin of `device` to `handler`, masked. The handler makes the device take
  /// its interrupt back. For boot steps and threads, one at a time. kNoEntry: the device
  /// has no pin. kBusy: connected already. kNoMemory: pins are connected to as many lines
  /// as there may be, 8. Else errors of line_of_pin() and irq::Domain::connect().
  Result<void> connect(const Device& device, irq::Handler handler, void* context);
  /// As irq::Domain::disconnect(), for who may connect().
  void disconnect();

  /// A masked pin is a level still when it is unmasked. Any context.
  void mask() { device_->enable(kPinDisabled); }
  void unmask() { device_->disable(kPinDisabled); }

 private:
  friend class SharedLine;

  std::optional<Device> device_;  // none: not connected
  irq::Handler handler_ = nullptr;
  void* context_ = nullptr;
  std::uint32_t line_ = 0;
  std::atomic<Pin*> next_ = nullptr;
};

}  // namespace atl::pci
