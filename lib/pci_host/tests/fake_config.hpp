// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/pci_config.hpp>
#include <cstdint>
#include <map>
#include <random>
#include <set>

namespace atl::pci::test {

/// One function: its first 256 bytes, and which of their bits can be written.
struct FakeFunction {
  std::array<std::uint8_t, 256> bytes{};
  std::array<std::uint8_t, 256> writable{};
  /// What is behind a bridge, by device << 3 | function.
  std::map<unsigned, FakeFunction> behind;

  void put(std::size_t offset, std::uint64_t value, std::size_t size);
  [[nodiscard]] std::uint32_t get(std::size_t offset, std::size_t size) const;
  void allow(std::size_t offset, std::uint64_t bits, std::size_t size);

  /// A device with a command register, or a bridge with its numbers and windows.
  static FakeFunction device(std::uint16_t vendor, std::uint16_t device);
  static FakeFunction bridge();
  /// A base address register of `size` bytes with the type's low bits.
  void add_bar(unsigned index, std::uint64_t size, std::uint32_t type);
  [[nodiscard]] std::uint64_t bar(unsigned index) const;
  /// Puts a capability behind those there are.
  void add_capability(std::uint8_t at, std::uint8_t id);
};

/// Buses as bridges are numbered: bus 0, and what lies behind it.
class FakeConfig final : public ConfigSpace {
 public:
  std::map<unsigned, FakeFunction> functions;  // of bus 0
  std::set<unsigned> opened;
  Errc fault{};  // of open()

  FakeFunction& add(unsigned device, FakeFunction function, unsigned number = 0) {
    return functions[device << 3 | number] = std::move(function);
  }
  /// Null where nothing is.
  FakeFunction* find(Location at);

 private:
  Result<void> do_open(std::uint8_t bus) override;
  std::uint32_t do_read(Location at, std::uint16_t offset, std::size_t bytes) override;
  void do_write(Location at, std::uint16_t offset, std::size_t bytes, std::uint32_t value) override;
};

/// A machine that answers anything, never twice the same.
class RandomConfig final : public ConfigSpace {
 public:
  explicit RandomConfig(std::uint32_t seed) : random_(seed) {}
  std::uint64_t accesses = 0;

 private:
  Result<void> do_open(std::uint8_t) override { return {}; }
  std::uint32_t do_read(Location, std::uint16_t offset, std::size_t bytes) override;
  void do_write(Location, std::uint16_t, std::size_t, std::uint32_t) override { ++accesses; }

  std::mt19937 random_;
};

}  // namespace atl::pci::test
