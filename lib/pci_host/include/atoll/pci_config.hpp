// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/lock.hpp>
#include <atoll/result.hpp>
#include <concepts>
#include <cstddef>
#include <cstdint>

/// Configuration space (PCI Local Bus Specification 3.0, chapter 6).
namespace atl::pci {

/// Where a function is.
struct Location {
  std::uint16_t segment = 0;
  std::uint8_t bus = 0;
  std::uint8_t device = 0;    ///< below 32
  std::uint8_t function = 0;  ///< below 8

  constexpr bool operator==(const Location&) const = default;

  /// As whom it asks for things within its segment (PCI Express Base Specification 5.0 §2.2.6.2).
  [[nodiscard]] constexpr std::uint16_t requester() const {
    return static_cast<std::uint16_t>(bus << 8 | device << 3 | function);
  }
};

/// A location as logs show it: "0000:00:03.0". Any context.
class LocationText {
 public:
  explicit LocationText(Location at);
  [[nodiscard]] const char* c_str() const { return text_.data(); }

 private:
  std::array<char, 13> text_;
};

/// Offsets in configuration space (§6.1; bridges: PCI-to-PCI Bridge Architecture
/// Specification 1.2 §3.2).
namespace registers {
inline constexpr std::uint16_t kVendor = 0x00, kDevice = 0x02, kCommand = 0x04, kStatus = 0x06;
inline constexpr std::uint16_t kRevision = 0x08, kHeaderType = 0x0e, kBars = 0x10;
inline constexpr std::uint16_t kSubsystemVendor = 0x2c, kSubsystem = 0x2e;
inline constexpr std::uint16_t kCapabilities = 0x34, kInterruptLine = 0x3c, kInterruptPin = 0x3d;
inline constexpr std::uint16_t kPrimaryBus = 0x18, kSecondaryBus = 0x19, kSubordinateBus = 0x1a;
inline constexpr std::uint16_t kPortWindow = 0x1c, kMemoryWindow = 0x20;
inline constexpr std::uint16_t kPrefetchableWindow = 0x24;
}  // namespace registers

/// Bits of the command register (§6.2.2).
inline constexpr std::uint16_t kPorts = 1u << 0, kMemory = 1u << 1, kBusMaster = 1u << 2;
inline constexpr std::uint16_t kPinDisabled = 1u << 10;

/// What reads where no function is (§6.1).
inline constexpr std::uint16_t kNoVendor = 0xffff;

/// What one access can carry.
template <typename T>
concept ConfigValue = std::unsigned_integral<T> && sizeof(T) <= 4;

/// How configuration space is reached. Any context, once the bus is open; what lies
/// on a bus that is not, or where nothing is, reads as ones and takes no writes.
class ConfigSpace {
 public:
  ConfigSpace(const ConfigSpace&) = delete;
  ConfigSpace& operator=(const ConfigSpace&) = delete;

  /// Makes the functions of `bus` reachable; once more does nothing. For boot steps
  /// and threads. kNoMemory; kInvalidArgument for a bus that the host does not have.
  Result<void> open(std::uint8_t bus) { return do_open(bus); }

  /// One access of 8, 16 or 32 bits at `offset`, a multiple of its size below 4096.
  template <ConfigValue T>
  [[nodiscard]] T read(Location at, std::uint16_t offset) {
    return static_cast<T>(read(at, offset, sizeof(T)));
  }
  template <ConfigValue T>
  void write(Location at, std::uint16_t offset, T value) {
    write(at, offset, sizeof(T), value);
  }
  /// Clears and sets bits of a 16-bit register, with nothing between.
  void change(Location at, std::uint16_t offset, std::uint16_t clear, std::uint16_t set);

 protected:
  constexpr ConfigSpace() = default;
  ~ConfigSpace() = default;

 private:
  std::uint32_t read(Location at, std::uint16_t offset, std::size_t bytes);
  void write(Location at, std::uint16_t offset, std::size_t bytes, std::uint32_t value);

  virtual Result<void> do_open(std::uint8_t bus) = 0;
  virtual std::uint32_t do_read(Location at, std::uint16_t offset, std::size_t bytes) = 0;
  virtual void do_write(Location at, std::uint16_t offset, std::size_t bytes,
                        std::uint32_t value) = 0;

  IrqSpinLock lock_;
};

/// Offset of capability `id` of a function (§6.7): the first one, or the one after `index` of its
/// kind. kNoEntry without; kBadMessage for a list that leads nowhere.
Result<std::uint8_t> find_capability(ConfigSpace& config, Location at, std::uint8_t id,
                                     unsigned index = 0);

/// Calls `visit(Location, header_type)` for each function on an open bus: up to 8 of each
/// of 32 devices, those above the first only where it says that there are more (§6.2.1,
/// Header Type). The type is without that bit.
template <typename Visit>
void for_each_function(ConfigSpace& config, std::uint16_t segment, std::uint8_t bus, Visit visit) {
  for (std::uint8_t device = 0; device < 32; ++device) {
    std::uint8_t functions = 1;
    for (std::uint8_t function = 0; function < functions; ++function) {
      const Location at{segment, bus, device, function};
      if (config.read<std::uint16_t>(at, registers::kVendor) == kNoVendor) continue;
      const auto type = config.read<std::uint8_t>(at, registers::kHeaderType);
      if (function == 0 && (type & 0x80) != 0) functions = 8;
      visit(at, static_cast<std::uint8_t>(type & 0x7f));
    }
  }
}

/// Header types.
inline constexpr std::uint8_t kDeviceHeader = 0, kBridgeHeader = 1, kCardBusHeader = 2;

}  // namespace atl::pci
