// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

namespace atl {

/// Bytes in a page: 4 KiB on both architectures (Intel SDM 3A §4.5; Arm ARM
/// D8.2, 4 KB granule).
inline constexpr std::size_t kPageSize = 4096;
inline constexpr unsigned kPageShift = 12;

/// An integer that means one thing only. Arithmetic that makes no sense for
/// the meaning does not compile: addresses subtract to bytes, never add up.
template <typename Tag>
class Address {
 public:
  constexpr Address() = default;
  constexpr explicit Address(std::uint64_t value) : value_(value) {}

  [[nodiscard]] constexpr std::uint64_t value() const { return value_; }
  [[gnu::always_inline]] constexpr auto operator<=>(const Address&) const = default;

  constexpr Address operator+(std::uint64_t bytes) const { return Address{value_ + bytes}; }
  constexpr Address operator-(std::uint64_t bytes) const { return Address{value_ - bytes}; }
  constexpr std::uint64_t operator-(Address other) const { return value_ - other.value_; }
  constexpr Address& operator+=(std::uint64_t bytes) { return value_ += bytes, *this; }

  [[nodiscard]] constexpr Address align_down(std::uint64_t alignment) const {
    return Address{value_ & ~(alignment - 1)};
  }
  /// Wraps to 0 above the last multiple of `alignment` (a power of two).
  [[nodiscard]] constexpr Address align_up(std::uint64_t alignment) const {
    return Address{(value_ + alignment - 1) & ~(alignment - 1)};
  }
  [[nodiscard]] constexpr bool is_aligned(std::uint64_t alignment) const {
    return (value_ & (alignment - 1)) == 0;
  }

 private:
  std::uint64_t value_ = 0;
};

/// What the memory bus sees. Never dereferenced; see atoll/direct_map.hpp.
using PhysAddr = Address<struct PhysTag>;

/// What the CPU's loads and stores name.
class VirtAddr : public Address<struct VirtTag> {
 public:
  using Address::Address;
  constexpr VirtAddr(Address base) : Address(base) {}  // NOLINT: same meaning
  static VirtAddr of(const volatile void* pointer) {
    return VirtAddr{reinterpret_cast<std::uintptr_t>(pointer)};
  }
  template <typename T = void>
  [[nodiscard]] T* as() const {
    return reinterpret_cast<T*>(static_cast<std::uintptr_t>(value()));
  }
};

/// A number of whole pages; never a number of bytes.
struct PageCount {
  std::uint64_t count = 0;

  constexpr auto operator<=>(const PageCount&) const = default;
  constexpr PageCount operator+(PageCount other) const { return {count + other.count}; }
  constexpr PageCount operator-(PageCount other) const { return {count - other.count}; }
  constexpr PageCount& operator+=(PageCount other) { return count += other.count, *this; }
  constexpr PageCount& operator-=(PageCount other) { return count -= other.count, *this; }
  [[nodiscard]] constexpr std::uint64_t bytes() const { return count << kPageShift; }
  /// The pages that hold `bytes`, rounded up; `bytes` at most 2^64 - 4096.
  static constexpr PageCount holding(std::uint64_t bytes) {
    return {(bytes + kPageSize - 1) >> kPageShift};
  }
};

/// Physical memory [start, start + size), in bytes.
struct PhysRange {
  PhysAddr start;
  std::uint64_t size = 0;

  [[nodiscard]] constexpr PhysAddr end() const { return start + size; }
  [[nodiscard]] constexpr bool empty() const { return size == 0; }
  [[nodiscard]] constexpr bool contains(PhysAddr address) const {
    return address >= start && address - start < size;
  }
  [[nodiscard]] constexpr bool overlaps(PhysRange other) const {
    return !empty() && !other.empty() && start < other.end() && other.start < end();
  }
  constexpr bool operator==(const PhysRange&) const = default;
};

/// Nanoseconds of a duration, or since boot on the monotonic clock.
struct Nanoseconds {
  std::uint64_t count = 0;

  constexpr auto operator<=>(const Nanoseconds&) const = default;
  constexpr Nanoseconds operator+(Nanoseconds other) const { return {count + other.count}; }
  constexpr Nanoseconds operator-(Nanoseconds other) const { return {count - other.count}; }
};

constexpr Nanoseconds operator""_ns(unsigned long long count) { return {count}; }
constexpr Nanoseconds operator""_us(unsigned long long count) { return {count * 1'000}; }
constexpr Nanoseconds operator""_ms(unsigned long long count) { return {count * 1'000'000}; }
constexpr Nanoseconds operator""_s(unsigned long long count) { return {count * 1'000'000'000}; }

}  // namespace atl
