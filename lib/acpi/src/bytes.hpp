// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <algorithm>
#include <atoll/acpi_tables.hpp>
#include <cstring>

namespace atl::acpi {

// Tables lie at any address, so that a number in them is copied out. ACPI is
// little-endian (ACPI 6.5 §5.2.1), as both our architectures are. 0 outside
// `bytes`: fields that an older revision lacks mean "absent" as 0 does.
template <typename T>
T number_at(Bytes bytes, std::size_t offset) {
  T value = 0;
  if (offset <= bytes.size() && bytes.size() - offset >= sizeof(T))
    std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

inline std::uint8_t byte_at(Bytes bytes, std::size_t offset) {
  return offset < bytes.size() ? std::to_integer<std::uint8_t>(bytes[offset]) : std::uint8_t{0};
}

// The first bytes as a T without padding; what `bytes` lacks is 0.
template <typename T>
T copy_of(Bytes bytes) {
  static_assert(alignof(T) == 1);
  T value{};
  std::memcpy(&value, bytes.data(), std::min(bytes.size(), sizeof(T)));
  return value;
}

// Whether the bytes add up to 0 modulo 256 (ACPI 6.5 §5.2.6, Checksum).
bool sums_to_zero(Bytes bytes);

inline constexpr std::size_t kHeaderSize = 36;  // §5.2.6

}  // namespace atl::acpi
