// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/mmio.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace atl {

/// A 16550 UART (National Semiconductor PC16550D) over `Io`: I/O ports,
/// memory, or a fake device in host tests. Polled, no interrupts. Any context;
/// callers take turns.
///
/// What cannot be the device's fault is not waited for: a UART that never
/// becomes ready is given up after a bounded wait, and from then on asked once
/// per byte.
template <typename Io>
class Ns16550 {
 public:
  constexpr explicit Ns16550(Io io) : io_(io) {}

  /// 115200 baud, 8 data bits, no parity, one stop bit, FIFOs on and empty.
  void configure() {
    set(kInterruptEnable, 0);
    set(kLineControl, kDivisorLatch);
    set(kDivisorLow, 1);
    set(kDivisorHigh, 0);
    set(kLineControl, kEightBits);
    set(kFifoControl, kFifoEnableAndClear);
    set(kModemControl, kReadyToSend);
    room_ = 0;
  }

  /// Drops what the device does not take in time.
  void write(std::string_view text) {
    for (const char c : text) {
      if (room_ == 0 && !wait_for_room()) continue;
      --room_;
      set(kData, static_cast<std::uint8_t>(c));
    }
  }

  /// What has come, without waiting; at most into.size() bytes.
  std::size_t read(std::span<char> into) {
    std::size_t count = 0;
    while (count < into.size()) {
      const std::uint8_t status = get(kLineStatus);
      // All ones: nothing answers at this address.
      if ((status & kDataReady) == 0 || status == 0xff) break;
      into[count++] = static_cast<char>(get(kData));
    }
    return count;
  }

 private:
  static constexpr std::uint64_t kData = 0;
  static constexpr std::uint64_t kDivisorLow = 0;
  static constexpr std::uint64_t kInterruptEnable = 1;
  static constexpr std::uint64_t kDivisorHigh = 1;
  static constexpr std::uint64_t kFifoControl = 2;
  static constexpr std::uint64_t kLineControl = 3;
  static constexpr std::uint64_t kModemControl = 4;
  static constexpr std::uint64_t kLineStatus = 5;

  static constexpr std::uint8_t kEightBits = 3;
  static constexpr std::uint8_t kDivisorLatch = 0x80;
  static constexpr std::uint8_t kFifoEnableAndClear = 7;
  static constexpr std::uint8_t kReadyToSend = 3;  // with data terminal ready
  static constexpr std::uint8_t kDataReady = 1;
  static constexpr std::uint8_t kTransmitEmpty = 1 << 5;

  static constexpr unsigned kFifoBytes = 16;
  /// Polls until the FIFO must have drained: 16 bytes at 115200 baud are 1.4 ms,
  /// and a port read takes at least some 100 ns.
  static constexpr unsigned kMostPolls = 200'000;

  bool wait_for_room() {
    for (unsigned i = 0; i < (dead_ ? 1 : kMostPolls); ++i) {
      if ((get(kLineStatus) & kTransmitEmpty) != 0) {
        dead_ = false;
        room_ = kFifoBytes;
        return true;
      }
    }
    dead_ = true;
    return false;
  }

  std::uint8_t get(std::uint64_t offset) { return io_.template read<std::uint8_t>(offset); }
  void set(std::uint64_t offset, std::uint8_t value) {
    io_.template write<std::uint8_t>(offset, value);
  }

  Io io_;
  unsigned room_ = 0;  // bytes that the FIFO surely takes
  bool dead_ = false;
};

}  // namespace atl
