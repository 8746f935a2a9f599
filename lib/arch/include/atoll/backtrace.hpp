// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

namespace atl::arch {

/// Where a function goes on when what it called, or what interrupted it, ends.
struct CallSite {
  std::uintptr_t address = 0;  ///< 0: there are no more
  bool interrupted = false;    ///< `address` is the next instruction, not one behind a call
};

/// The call sites from a frame pointer outwards, through exceptions and interrupts
/// into what they interrupted. Any context, never blocks; a corrupt chain ends it,
/// never faults.
///
/// Follows frame records: the caller's frame pointer, above it the return address
/// (AAPCS64 §6.4.6; System V ABI for x86-64 §3.2.2). The entries of exceptions and
/// interrupts leave one for the interrupted code, marked by the lowest bit of the
/// frame pointer in it.
class Backtrace {
 public:
  /// From Cpu::frame_pointer(), or a Trap's.
  constexpr explicit Backtrace(std::uintptr_t frame) : frame_(frame) {}

  CallSite next();

 private:
  std::uintptr_t frame_;
  unsigned stacks_ = 0;
};

}  // namespace atl::arch
