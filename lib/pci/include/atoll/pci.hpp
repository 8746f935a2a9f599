// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/mmio.hpp>
#include <atoll/pci_bar.hpp>
#include <atoll/pci_config.hpp>
#include <atoll/pci_host.hpp>
#include <atoll/result.hpp>
#include <atoll/types.hpp>
#include <cstdint>
#include <span>
#include <string_view>

/// The PCI bus. The boot step of this library goes through the functions of all buses
/// once and gives each to the driver that serves it.
namespace atl::pci {

/// A piece of memory or ports where a device has its registers.
struct Bar {
  bool is_port = false;
  bool prefetchable = false;
  /// Of ports: the first one's number, and how many.
  PhysRange range;
};

/// A function with a header of type 0; a small handle, to be copied by its driver. Any
/// context, but for bar() and map(). What the device says is checked where it is read.
class Device {
 public:
  /// `host` outlives it.
  Device(const Host& host, Location at) : host_(&host), at_(at) {}

  [[nodiscard]] Location location() const { return at_; }
  /// For logs: device.name().c_str(), "0000:00:03.0".
  [[nodiscard]] LocationText name() const { return LocationText{at_}; }
  [[nodiscard]] const Host& host() const { return *host_; }

  /// PCI Local Bus Specification 3.0 §6.2.1, §6.2.4.
  [[nodiscard]] std::uint16_t vendor() const { return read<std::uint16_t>(registers::kVendor); }
  [[nodiscard]] std::uint16_t device() const { return read<std::uint16_t>(registers::kDevice); }
  [[nodiscard]] std::uint16_t subsystem_vendor() const {
    return read<std::uint16_t>(registers::kSubsystemVendor);
  }
  [[nodiscard]] std::uint16_t subsystem() const {
    return read<std::uint16_t>(registers::kSubsystem);
  }
  [[nodiscard]] std::uint8_t revision() const { return read<std::uint8_t>(registers::kRevision); }
  /// Class, subclass and programming interface, a byte each, the class highest.
  [[nodiscard]] std::uint32_t class_code() const {
    return read<std::uint32_t>(registers::kRevision) >> 8;
  }

  /// A register of configuration space, as ConfigSpace reads and writes it.
  template <typename T>
  [[nodiscard]] T read(std::uint16_t offset) const {
    return host_->config->read<T>(at_, offset);
  }
  template <typename T>
  void write(std::uint16_t offset, T value) const {
    host_->config->write<T>(at_, offset, value);
  }

  /// The offset of capability number `index` of those that have `id` (§6.7). kNoEntry;
  /// kBadMessage where the list leads outside or never ends, which no `index` outlasts.
  [[nodiscard]] Result<std::uint8_t> find_capability(std::uint8_t id, unsigned index = 0) const;

  /// What base address register `index` decodes. Turns decoding off for the moment: not
  /// from an interrupt handler, nor while the device is used. kInvalidArgument: there are
  /// 6. kNoEntry: not in use, or the upper half of a pair. kNotSupported: it has no
  /// address, or one that this machine has no window for. kBadMessage: it makes no sense.
  [[nodiscard]] Result<Bar> bar(unsigned index) const;

  /// Maps `size` bytes of the memory of `index`, from `offset` on, for as long as the image
  /// lives or until vm::release(). Errors of bar() and vm::map_device(); kOutOfRange: they
  /// do not lie in it; kNotSupported: it has ports.
  [[nodiscard]] Result<Mmio> map(unsigned index, std::uint64_t offset, std::uint64_t size) const;

  /// Sets and clears bits of the command register (§6.2.2): kMemory, kPorts, kBusMaster,
  /// kPinDisabled.
  void enable(std::uint16_t bits) const;
  void disable(std::uint16_t bits) const;

 private:
  const Host* host_;
  Location at_;
};

/// `DRIVERS pci "1af4:1041" probe`: vendor and device, four lower-case hexadecimal digits
/// each.
///
/// `probe` runs in the boot step, on the boot CPU, interrupts masked; it may allocate and
/// map, not wait. The device's pin is disabled; its memory, its ports and its own
/// accesses to memory are as the firmware left them. An error is logged and leaves the
/// device alone.
struct Driver {
  std::string_view identity;
  Result<void> (*probe)(const Device& device);
};

/// In build/<cell>/generated/drivers.cpp.
std::span<const Driver> drivers();

}  // namespace atl::pci
