// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/mmio.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace atl {

/// An Arm PrimeCell UART (PL011 Technical Reference Manual, DDI 0183, chapter
/// 3), polled. Speed and format stay as the firmware left them. Any context;
/// whoever shares one serialises.
template <RegisterIo Io>
class Pl011 {
 public:
  constexpr Pl011() = default;
  constexpr explicit Pl011(Io io) : io_(io) {}

  /// Switches the UART on where the firmware has not: 8 bits, no parity, FIFOs.
  void enable() {
    constexpr std::uint32_t kWanted = kUartEnable | kTransmitEnable | kReceiveEnable;
    if ((read(kControl) & kWanted) == kWanted) return;
    write(kLineControl, kEightBits | kFifoEnable);
    write(kControl, kWanted);
  }

  /// Waits for room for a bounded number of looks at the device per byte. A
  /// device that never made room is given one look per byte from then on, until
  /// it has room again; what it does not take is dropped.
  void write(std::string_view text) {
    for (const char c : text) {
      unsigned looks = stuck_ ? 1 : kMostLooks;
      while ((read(kFlags) & kTransmitFull) != 0 && --looks != 0) {
      }
      stuck_ = looks == 0;
      if (!stuck_) write(kData, static_cast<unsigned char>(c));
    }
  }

  /// The bytes that have come, at most into.size(); those that arrived with an
  /// error (§3.3.1: framing, parity, break) are left out.
  std::size_t read(std::span<char> into) {
    std::size_t count = 0;
    // A device that claims to have input for ever ends at the FIFO's size.
    for (unsigned looks = 0; count < into.size() && looks < kFifoSize; ++looks) {
      if ((read(kFlags) & kReceiveEmpty) != 0) break;
      const std::uint32_t data = read(kData);
      if ((data & kDataErrors) == 0) into[count++] = static_cast<char>(data & 0xff);
    }
    return count;
  }

 private:
  // Register offsets, table 3-1, and their bits.
  static constexpr std::uint64_t kData = 0x00;
  static constexpr std::uint32_t kDataErrors = 0x7u << 8;  // an overrun loses others, not this one
  static constexpr std::uint64_t kFlags = 0x18;
  static constexpr std::uint32_t kReceiveEmpty = 1u << 4;
  static constexpr std::uint32_t kTransmitFull = 1u << 5;
  static constexpr std::uint64_t kLineControl = 0x2c;
  static constexpr std::uint32_t kFifoEnable = 1u << 4;
  static constexpr std::uint32_t kEightBits = 3u << 5;
  static constexpr std::uint64_t kControl = 0x30;
  static constexpr std::uint32_t kUartEnable = 1u << 0;
  static constexpr std::uint32_t kTransmitEnable = 1u << 8;
  static constexpr std::uint32_t kReceiveEnable = 1u << 9;

  // A byte takes 87 us at 115200 baud, a look at least 10 ns.
  static constexpr unsigned kMostLooks = 100'000;
  static constexpr unsigned kFifoSize = 32;

  // All registers take 32-bit accesses, also where they are narrower, and the
  // generic UART of Arm SBSA takes no others for control.
  std::uint32_t read(std::uint64_t offset) const {
    return io_.template read<std::uint32_t>(offset);
  }
  void write(std::uint64_t offset, std::uint32_t value) {
    io_.template write<std::uint32_t>(offset, value);
  }

  Io io_{};
  bool stuck_ = false;
};

}  // namespace atl
