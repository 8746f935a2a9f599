// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstddef>
#include <cstdint>

namespace atl::libcxx {

/// Where unwinding finds how to leave a function.
struct Entry {
  const std::byte* description;  ///< its frame description entry in .eh_frame; null: none
  std::uintptr_t function;       ///< the first address that the entry is about
};

/// The entry for the instruction at `pc`, by the table that the linker makes of all entries
/// (Linux Standard Base Core 5.0, Generic, §10.6.2 "The .eh_frame_hdr section"; the entries:
/// §10.6.1). `header` is that section where it lies now: what it says is relative to it.
///
/// No entry where none is about `pc`, and where the table or the entry is not as GNU ld and
/// GCC write them for this system: relative, of 4 bytes and sorted.
///
/// Any context, any number of threads: reads only. Takes the logarithm of the number of
/// functions.
Entry find_entry(const std::byte* header, std::uintptr_t pc);

}  // namespace atl::libcxx
