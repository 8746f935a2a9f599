// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <concepts>
#include <cstdint>

namespace atl::arch {

/// Registers in the I/O port space from `base` on (Intel SDM 1 §19): the same
/// shape as Mmio, so that a driver takes either. Any context.
class Ports {
 public:
  constexpr Ports() = default;
  constexpr explicit Ports(std::uint16_t base) : base_(base) {}

  template <typename T>
  requires(std::unsigned_integral<T> && sizeof(T) <= 4) [[nodiscard]] T
      read(std::uint64_t offset) const {
    const auto port = static_cast<std::uint16_t>(base_ + offset);
    T value;
    if constexpr (sizeof(T) == 1) asm volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    if constexpr (sizeof(T) == 2) asm volatile("inw %1, %0" : "=a"(value) : "Nd"(port));
    if constexpr (sizeof(T) == 4) asm volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
    return value;
  }
  template <typename T>
  requires(std::unsigned_integral<T> && sizeof(T) <= 4) void write(std::uint64_t offset,
                                                                   T value) const {
    const auto port = static_cast<std::uint16_t>(base_ + offset);
    if constexpr (sizeof(T) == 1) asm volatile("outb %0, %1" ::"a"(value), "Nd"(port));
    if constexpr (sizeof(T) == 2) asm volatile("outw %0, %1" ::"a"(value), "Nd"(port));
    if constexpr (sizeof(T) == 4) asm volatile("outl %0, %1" ::"a"(value), "Nd"(port));
  }

 private:
  std::uint16_t base_ = 0;
};

}  // namespace atl::arch
