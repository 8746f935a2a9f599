// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/result.hpp>
#include <atoll/types.hpp>
#include <cstddef>

namespace atl::cpu_start {

/// A page table in which code can be fetched at its physical address: what a CPU turns
/// on paging with, before it goes on in the kernel's half. For providers of cpu_start.
class TemporaryTable {
 public:
  constexpr TemporaryTable() = default;
  TemporaryTable(const TemporaryTable&) = delete;
  TemporaryTable& operator=(const TemporaryTable&) = delete;

  /// Maps `code`, at most 14 MiB of whole pages, one to one, to be executed. kNoMemory.
  /// Once before each free().
  Result<void> build(PhysRange code);
  void free();

  [[nodiscard]] PhysAddr root() const { return pages_[0]; }

 private:
  static PhysAddr take(void* context);

  static constexpr std::size_t kMostPages = 12;
  std::array<PhysAddr, kMostPages> pages_{};
  std::size_t count_ = 0;
};

}  // namespace atl::cpu_start
