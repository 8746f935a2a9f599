// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "assign.hpp"

#include <algorithm>
#include <atoll/bits.hpp>
#include <atoll/log.hpp>
#include <atoll/pci_bar.hpp>

namespace atl::pci {
namespace {

// What a bridge forwards is whole MiB (PCI-to-PCI Bridge Architecture Specification 1.2
// §3.2.5.8).
constexpr std::uint64_t kForwarded = 1 << 20;
constexpr unsigned kMostLevels = 8;

/// Memory that is given out upwards.
class Space {
 public:
  explicit Space(PhysRange range)
      : next_(range.start.value()), end_(range.start.value() + range.size) {}

  /// `size` bytes aligned to `alignment`, a power of two; 0: no room.
  std::uint64_t take(std::uint64_t size, std::uint64_t alignment) {
    const std::uint64_t start = align_up(next_, alignment);
    if (start < next_ || start > end_ || size > end_ - start) return 0;
    next_ = start + size;
    return start;
  }
  /// Goes on at a multiple of `alignment`, or nowhere where there is none left.
  void skip_to(std::uint64_t alignment) { next_ = std::min(align_up(next_, alignment), end_); }
  [[nodiscard]] std::uint64_t next() const { return next_; }

 private:
  std::uint64_t next_;
  std::uint64_t end_;
};

class Assigner {
 public:
  Assigner(const Host& host, const Windows& windows)
      : config_(*host.config),
        segment_(host.segment),
        last_bus_(host.last_bus),
        used_bus_(host.first_bus),
        low_(windows.low),
        high_(windows.high) {}

  void assign_bus(std::uint8_t bus, unsigned level) {
    if (const auto opened = config_.open(bus); !opened.ok()) {
      log::warning("pci", "bus {:x}: {}", bus, opened.error());
      return;
    }
    for_each_function(config_, segment_, bus, [&](Location at, std::uint8_t type) {
      config_.change(at, registers::kCommand, kPorts | kMemory | kBusMaster, 0);
      if (type == kDeviceHeader) assign_device(at, level);
      if (type == kBridgeHeader) assign_bridge(at, level);
    });
  }

 private:
  void assign_device(Location at, unsigned level) {
    for (unsigned index = 0; index < kDeviceBars; ++index) {
      const auto read = read_bar(config_, at, index, kDeviceBars);
      if (!read.ok()) {
        say(at, "has a base address that cannot be");
        return;
      }
      const BaseAddress& bar = read.value();
      if (bar.size != 0 && !bar.is_port) write_bar(config_, at, index, bar, take(at, bar, level));
      if (bar.is_wide) ++index;
    }
  }

  std::uint64_t take(Location at, const BaseAddress& bar, unsigned level) {
    // What lies behind a bridge must be in the part of it that is forwarded.
    std::uint64_t address = bar.is_wide && level == 0 ? high_.take(bar.size, bar.size) : 0;
    if (address == 0) address = low_.take(bar.size, bar.size);
    if (address == 0) say(at, "finds no room for its memory");
    return address;
  }

  void assign_bridge(Location at, unsigned level) {
    // Closed, until something is found behind it: bases above their limits.
    constexpr std::uint16_t kPortsClosed = 0x00f0;
    constexpr std::uint32_t kClosed = 0x0000'fff0;
    config_.write<std::uint16_t>(at, registers::kPortWindow, kPortsClosed);
    config_.write<std::uint32_t>(at, registers::kMemoryWindow, kClosed);
    config_.write<std::uint32_t>(at, registers::kPrefetchableWindow, kClosed);
    number(at, 0, 0);
    if (level == kMostLevels || used_bus_ == last_bus_) {
      say(at, "is a bridge to more buses than there may be");
      return;
    }
    const std::uint8_t bus = ++used_bus_;
    number(at, bus, last_bus_);
    low_.skip_to(kForwarded);
    const std::uint64_t start = low_.next();
    assign_bus(bus, level + 1);
    number(at, bus, used_bus_);
    const std::uint64_t used = low_.next();
    if (used == start) return;
    low_.skip_to(kForwarded);
    const std::uint64_t last = align_up(used, kForwarded) - 1;
    config_.write<std::uint32_t>(
        at, registers::kMemoryWindow,
        static_cast<std::uint32_t>((last >> 16 & 0xfff0) << 16 | (start >> 16 & 0xfff0)));
    config_.change(at, registers::kCommand, 0, kMemory | kBusMaster);
  }

  void number(Location at, std::uint8_t secondary, std::uint8_t subordinate) {
    config_.write<std::uint8_t>(at, registers::kPrimaryBus, secondary == 0 ? 0 : at.bus);
    config_.write<std::uint8_t>(at, registers::kSecondaryBus, secondary);
    config_.write<std::uint8_t>(at, registers::kSubordinateBus, subordinate);
  }

  static void say(Location at, const char* what) {
    log::warning("pci", "{} {}", LocationText{at}.c_str(), what);
  }

  ConfigSpace& config_;
  std::uint16_t segment_;
  std::uint8_t last_bus_;
  std::uint8_t used_bus_;
  Space low_;
  Space high_;
};

}  // namespace

void assign(const Host& host, const Windows& windows) {
  Assigner{host, windows}.assign_bus(host.first_bus, 0);
}

}  // namespace atl::pci
