// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/mmio.hpp>
#include <atoll/pci_config.hpp>

namespace atl::pci {

/// Configuration mechanism #1 (PCI Local Bus 3.0 §3.2.2.3.2): an address and a data
/// register; `Io` reaches them from CONFIG_ADDRESS on. The first 256 bytes of a function.
template <RegisterIo Io>
class PortConfig final : public ConfigSpace {
 public:
  constexpr explicit PortConfig(Io io) : io_(io) {}

  /// Whether the address register is there: it reads as it was written.
  [[nodiscard]] bool present() const {
    const auto before = io_.template read<std::uint32_t>(kAddress);
    io_.template write<std::uint32_t>(kAddress, kEnable);
    const bool found = io_.template read<std::uint32_t>(kAddress) == kEnable;
    io_.template write<std::uint32_t>(kAddress, before);
    return found;
  }

 private:
  static constexpr std::uint64_t kAddress = 0, kData = 4;
  static constexpr std::uint32_t kEnable = 1u << 31;
  static constexpr std::uint16_t kSize = 256;

  // Where the wanted bytes appear.
  std::uint64_t select(Location at, std::uint16_t offset) const {
    io_.template write<std::uint32_t>(
        kAddress, kEnable | std::uint32_t{at.bus} << 16 | std::uint32_t{at.device} << 11 |
                      std::uint32_t{at.function} << 8 | (offset & 0xfcu));
    return kData + (offset & 3u);
  }

  Result<void> do_open(std::uint8_t /*bus*/) override { return {}; }
  std::uint32_t do_read(Location at, std::uint16_t offset, std::size_t bytes) override {
    if (offset >= kSize) return ~0u;
    const std::uint64_t data = select(at, offset);
    if (bytes == 1) return io_.template read<std::uint8_t>(data);
    if (bytes == 2) return io_.template read<std::uint16_t>(data);
    return io_.template read<std::uint32_t>(data);
  }
  void do_write(Location at, std::uint16_t offset, std::size_t bytes,
                std::uint32_t value) override {
    if (offset >= kSize) return;
    const std::uint64_t data = select(at, offset);
    if (bytes == 1) return io_.template write<std::uint8_t>(data, static_cast<std::uint8_t>(value));
    if (bytes == 2)
      return io_.template write<std::uint16_t>(data, static_cast<std::uint16_t>(value));
    io_.template write<std::uint32_t>(data, value);
  }

  Io io_;
};

}  // namespace atl::pci
