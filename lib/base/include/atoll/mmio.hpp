// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/types.hpp>
#include <concepts>
#include <cstdint>

namespace atl {

/// What a device register can hold.
template <typename T>
concept RegisterValue = std::same_as<T, std::uint8_t> || std::same_as<T, std::uint16_t> ||
    std::same_as<T, std::uint32_t> || std::same_as<T, std::uint64_t>;

/// How a driver reaches registers: `Mmio` on a machine, a fake device in host
/// tests. Drivers are templates over it: `template <RegisterIo Io> class Uart`.
template <typename Io>
concept RegisterIo = requires(Io io, std::uint64_t offset, std::uint32_t value) {
  { io.template read<std::uint32_t>(offset) } -> std::same_as<std::uint32_t>;
  { io.template write<std::uint32_t>(offset, value) } -> std::same_as<void>;
};

/// Registers in memory that vm::map_device() mapped; offsets in bytes from
/// there, naturally aligned. Each call is one access of exactly that width,
/// in program order with the others of the same device. Any context.
class Mmio {
 public:
  constexpr Mmio() = default;
  constexpr explicit Mmio(VirtAddr base) : base_(base) {}

  template <RegisterValue T>
  [[nodiscard]] T read(std::uint64_t offset) const {
    const volatile T* const address = VirtAddr{base_ + offset}.as<volatile T>();
#if defined(__aarch64__)
    // A hypervisor can emulate a device access only where the instruction has
    // no write-back (Arm ARM D17.2.37, ESR_ELx.ISS.ISV), and a compiler may
    // choose one with it for a volatile access.
    T value;
    if constexpr (sizeof(T) == 1) {
      asm volatile("ldrb %w0, %1" : "=r"(value) : "Q"(*address) : "memory");
    } else if constexpr (sizeof(T) == 2) {
      asm volatile("ldrh %w0, %1" : "=r"(value) : "Q"(*address) : "memory");
    } else if constexpr (sizeof(T) == 4) {
      asm volatile("ldr %w0, %1" : "=r"(value) : "Q"(*address) : "memory");
    } else {
      asm volatile("ldr %0, %1" : "=r"(value) : "Q"(*address) : "memory");
    }
    return value;
#else
    return *address;
#endif
  }

  template <RegisterValue T>
  void write(std::uint64_t offset, T value) const {
    volatile T* const address = VirtAddr{base_ + offset}.as<volatile T>();
#if defined(__aarch64__)
    if constexpr (sizeof(T) == 1) {
      asm volatile("strb %w1, %0" : "=Q"(*address) : "rZ"(value) : "memory");
    } else if constexpr (sizeof(T) == 2) {
      asm volatile("strh %w1, %0" : "=Q"(*address) : "rZ"(value) : "memory");
    } else if constexpr (sizeof(T) == 4) {
      asm volatile("str %w1, %0" : "=Q"(*address) : "rZ"(value) : "memory");
    } else {
      asm volatile("str %x1, %0" : "=Q"(*address) : "rZ"(value) : "memory");
    }
#else
    *address = value;
#endif
  }

  [[nodiscard]] VirtAddr base() const { return base_; }

 private:
  VirtAddr base_;
};

}  // namespace atl
