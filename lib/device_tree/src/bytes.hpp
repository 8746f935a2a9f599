// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

/// Big-endian cells and short strings, with aligned loads only: scan_boot()
/// runs with the MMU off.
namespace atl::device_tree {

inline std::uint32_t swap_to_host(std::uint32_t big_endian) {
  return std::endian::native == std::endian::little ? __builtin_bswap32(big_endian) : big_endian;
}

/// The cell at `at`, which is 4-byte aligned: every cell of a checked blob is. Raw:
/// with its bytes as they lie there.
inline std::uint32_t load_raw(const std::byte* at) {
  std::uint32_t raw;
  std::memcpy(&raw, __builtin_assume_aligned(at, 4), sizeof raw);
  return raw;
}
inline std::uint32_t load_cell(const std::byte* at) { return swap_to_host(load_raw(at)); }

/// One or two cells at `at`, most significant first; `count` up to 2.
inline std::uint64_t load_cells(const std::byte* at, std::uint32_t count) {
  std::uint64_t value = 0;
  for (std::uint32_t i = 0; i < count; ++i) value = value << 32 | load_cell(at + i * 4);
  return value;
}

/// Whether the NUL-terminated `text` is `wanted`. Reads no byte behind the NUL.
inline bool is_text(const char* text, std::string_view wanted) {
  for (const char c : wanted) {
    if (*text++ != c) return false;
  }
  return *text == '\0';
}

inline std::uint32_t align_cell(std::uint32_t offset) { return (offset + 3) & ~std::uint32_t{3}; }

/// Structure block tokens (Devicetree Specification v0.4 §5.4.1).
inline constexpr std::uint32_t kBeginNode = 1;
inline constexpr std::uint32_t kEndNode = 2;
inline constexpr std::uint32_t kProperty = 3;
inline constexpr std::uint32_t kNop = 4;
inline constexpr std::uint32_t kEnd = 9;

/// The value of a property token starts behind token, length and name offset.
inline constexpr std::uint32_t kPropertyHeader = 12;

}  // namespace atl::device_tree
