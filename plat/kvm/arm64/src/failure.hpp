// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch/boot.hpp>
#include <cstdint>

/// The end of an image that cannot boot, before there is a console or a panic.
namespace atl::kvm_arm64 {

/// What is needed to say so; the entry sets it first.
struct FailureContext {
  std::uint64_t uart;           ///< physical address of a PL011's registers
  arch::Conduit conduit;        ///< how the machine is switched off
  std::uint64_t identity_root;  ///< the map that the entry runs on,
  std::uint64_t identity_top;   ///< its lowest page,
  std::uint64_t tables_bottom;  ///< and how far down it may grow
};
extern FailureContext failure_context;

/// Writes "atoll: cannot boot: " and `reason` to the UART, then the panic
/// record, and switches the machine off.
[[noreturn]] void fail_boot(const char* reason);

/// Makes exceptions end in fail_boot().
void catch_entry_traps();

}  // namespace atl::kvm_arm64
