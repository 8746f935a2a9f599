// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/acpi_tables.hpp>
#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace atl::acpi::test {

/// A machine's memory with tables in it. Every view is a block of its own on
/// the heap, so that a read beyond it is seen.
class PhysicalMemory {
 public:
  static inline std::map<std::uint64_t, std::vector<std::byte>> pieces;
  static inline std::vector<std::vector<std::byte>> given;

  static void clear() {
    pieces.clear();
    given.clear();
  }

  static const std::byte* view(PhysAddr address, std::size_t size) {
    for (const auto& [start, piece] : pieces) {
      const std::uint64_t offset = address.value() - start;
      if (address.value() < start || offset > piece.size() || size > piece.size() - offset)
        continue;
      const auto* first = piece.data() + offset;
      given.emplace_back(first, first + size);
      return given.back().data();
    }
    return nullptr;
  }
};

inline void put(std::vector<std::byte>& table, std::size_t offset, std::uint64_t value,
                std::size_t size) {
  std::memcpy(table.data() + offset, &value, size);
}

/// Makes the byte at `at` such that the first `size` bytes add up to 0.
inline void fix_sum(std::vector<std::byte>& table, std::size_t at, std::size_t size) {
  table[at] = std::byte{0};
  unsigned sum = 0;
  for (std::size_t i = 0; i < size; ++i) sum += std::to_integer<unsigned>(table[i]);
  table[at] = static_cast<std::byte>(256 - sum % 256);
}

/// A whole table: header with checksum, then `body`.
inline std::vector<std::byte> make_table(const std::string& signature,
                                         const std::vector<std::byte>& body = {}) {
  std::vector<std::byte> table(36);
  std::memcpy(table.data(), signature.data(), 4);
  table.insert(table.end(), body.begin(), body.end());
  put(table, 4, table.size(), 4);
  fix_sum(table, 9, table.size());
  return table;
}

inline std::vector<std::byte> make_root(const std::string& signature,
                                        const std::vector<std::uint64_t>& entries) {
  const std::size_t size = signature == "XSDT" ? 8 : 4;
  std::vector<std::byte> body(entries.size() * size);
  for (std::size_t i = 0; i < entries.size(); ++i) put(body, i * size, entries[i], size);
  return make_table(signature, body);
}

inline std::vector<std::byte> make_pointer(std::uint8_t revision, std::uint64_t rsdt,
                                           std::uint64_t xsdt) {
  std::vector<std::byte> pointer(revision >= 2 ? 36 : 20);
  std::memcpy(pointer.data(), "RSD PTR ", 8);
  put(pointer, 15, revision, 1);
  put(pointer, 16, rsdt, 4);
  fix_sum(pointer, 8, 20);
  if (revision >= 2) {
    put(pointer, 20, 36, 4);
    put(pointer, 24, xsdt, 8);
    fix_sum(pointer, 32, 36);
  }
  return pointer;
}

}  // namespace atl::acpi::test
