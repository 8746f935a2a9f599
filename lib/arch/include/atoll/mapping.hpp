// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/types.hpp>
#include <concepts>
#include <cstdint>

/// What a page-table entry says, whatever the architecture writes for it.
namespace atl::arch {

/// What a mapping allows. There is no way to say "writable and executable".
enum class Access : std::uint8_t { kReadOnly, kReadWrite, kReadExecute };

/// How the CPU may cache it.
enum class Memory : std::uint8_t { kNormal, kDevice };

/// An absent entry that says "the page under a stack": a fault there is an
/// overflow of that stack. Bit 0 is clear; BasicPageTable::mark(page,
/// kGuardNote) writes it.
inline constexpr std::uint32_t kGuardNote = 1;
inline constexpr std::uint64_t kGuardEntry = std::uint64_t{kGuardNote} << 1;

/// What a provider's PageTableEntry must offer: 64 bits of a table with 512
/// entries. Leaves of one level that allow the same differ by their address,
/// added as a number. `level` counts from the page upwards: 0 is a 4-KiB page, 1 a 2-MiB
/// block, 2 a 1-GiB block, 3 the root, which has tables only. An entry whose
/// bit 0 is clear is absent on both architectures (Intel SDM 3A §4.5; Arm ARM
/// D8.3), and the rest of it is free for software.
template <typename E>
concept PageTableEntryContract = requires(E entry, PhysAddr frame, Access access, Memory memory,
                                          unsigned level, std::uint64_t raw, std::uint64_t* slot,
                                          VirtAddr start) {
  { E::from_raw(raw) } -> std::same_as<E>;
  { entry.raw() } -> std::same_as<std::uint64_t>;
  { E::make_table(frame) } -> std::same_as<E>;
  { E::make_leaf(frame, access, memory, level) } -> std::same_as<E>;
  { entry.is_present() } -> std::same_as<bool>;
  /// Of a present entry: it maps memory, and is not a table.
  { entry.is_leaf(level) } -> std::same_as<bool>;
  /// Of a present entry: the next table, or the first byte mapped.
  { entry.address() } -> std::same_as<PhysAddr>;
  /// Of a leaf.
  { entry.access() } -> std::same_as<Access>;
  { entry.memory() } -> std::same_as<Memory>;
  /// Puts `entry`, a table that says the same, in place of the live block
  /// at `slot`, which maps from `start` on: by a plain store, or by the
  /// sequence that the architecture wants (Arm ARM D8.16, break-before-make).
  { E::replace_block(slot, entry, start, level) } -> std::same_as<void>;
};

}  // namespace atl::arch
