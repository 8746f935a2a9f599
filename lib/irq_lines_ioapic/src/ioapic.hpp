// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/irq.hpp>
#include <atoll/mmio.hpp>
#include <cstdint>

namespace atl::irq {

/// One IOAPIC (Intel 82093AA data sheet §3; ICH9 data sheet §13.5): a window of
/// two registers onto the redirection table. The caller serializes.
template <RegisterIo Io>
class IoApic {
 public:
  constexpr IoApic() = default;
  IoApic(Io io, std::uint32_t first_line) : io_(io), first_line_(first_line) {
    const std::uint32_t version = read(kVersion);
    // Nothing there reads as ones, or as zeros; 2^8 - 1 entries is the most the
    // field can say, 240 the most the table has room for.
    const std::uint32_t last = (version >> 16) & 0xff;
    if ((version & 0xff) != 0 && (version & 0xff) != 0xff && last < 240) count_ = last + 1;
  }

  [[nodiscard]] bool present() const { return count_ != 0; }
  [[nodiscard]] bool has(std::uint32_t line) const {
    return line >= first_line_ && line - first_line_ < count_;
  }

  /// Sends `line` to `vector` of the CPU named `destination`.
  void route(std::uint32_t line, std::uint8_t vector, std::uint32_t destination, Trigger trigger,
             bool masked) {
    std::uint32_t low = vector;
    if (is_level(trigger)) low |= kLevel;
    if (trigger == Trigger::kLevelLow || trigger == Trigger::kEdgeFalling) low |= kActiveLow;
    write(entry(line) + 1, destination << 24);
    write(entry(line), low | (masked ? kMasked : 0));
  }
  void mask(std::uint32_t line) { write(entry(line), read(entry(line)) | kMasked); }
  void unmask(std::uint32_t line) { write(entry(line), read(entry(line)) & ~kMasked); }
  void clear(std::uint32_t line) { write(entry(line), kMasked); }

 private:
  static constexpr std::uint64_t kSelect = 0x00, kWindow = 0x10;
  static constexpr std::uint32_t kVersion = 1, kTable = 0x10;
  static constexpr std::uint32_t kActiveLow = 1u << 13, kLevel = 1u << 15, kMasked = 1u << 16;

  [[nodiscard]] std::uint32_t entry(std::uint32_t line) const {
    return kTable + 2 * (line - first_line_);
  }
  [[nodiscard]] std::uint32_t read(std::uint32_t index) const {
    io_.template write<std::uint32_t>(kSelect, index);
    return io_.template read<std::uint32_t>(kWindow);
  }
  void write(std::uint32_t index, std::uint32_t value) {
    io_.template write<std::uint32_t>(kSelect, index);
    io_.template write<std::uint32_t>(kWindow, value);
  }

  Io io_{};
  std::uint32_t first_line_ = 0;
  std::uint32_t count_ = 0;
};

}  // namespace atl::irq
