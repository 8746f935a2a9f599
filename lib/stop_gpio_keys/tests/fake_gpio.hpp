// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <cstdint>

namespace atl::test {

/// What DDI 0190B §3.3 says of the interrupt registers.
struct Gpio {
  std::array<std::uint32_t, 0x500> registers{};
  std::uint32_t raw = 0;

  std::uint32_t read(std::uint64_t offset) const;
  void write(std::uint64_t offset, std::uint32_t value);
  void edge(std::uint32_t pin, bool rising);
  bool interrupts() const { return read(0x418) != 0; }
};

struct GpioIo {
  Gpio* gpio = nullptr;

  template <typename T>
  T read(std::uint64_t offset) const {
    return static_cast<T>(gpio->read(offset));
  }
  template <typename T>
  void write(std::uint64_t offset, T value) const {
    gpio->write(offset, value);
  }
};

}  // namespace atl::test
