// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch/boot.hpp>
#include <cstdint>

/// The end of an image that cannot boot, before there is a console or a panic; see
/// fail() in <atoll/boot_arm64/platform.hpp>.
namespace atl::boot_arm64 {

/// What is needed to say so; the entry sets it first.
struct FailureContext {
  std::uint64_t uart;           ///< physical address of a PL011's registers, or 0
  arch::Conduit conduit;        ///< the way to the firmware
  std::uint64_t identity_root;  ///< the map that the entry runs on,
  std::uint64_t identity_top;   ///< its lowest page,
  std::uint64_t tables_bottom;  ///< and how far down it may grow
};
extern FailureContext failure_context;

/// Makes exceptions end like fail().
void catch_entry_traps();

}  // namespace atl::boot_arm64
