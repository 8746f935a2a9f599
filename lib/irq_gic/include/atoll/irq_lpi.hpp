// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <atoll/types.hpp>
#include <cstdint>

/// What a GICv3 has beyond a root controller, for what translates messages of devices into its
/// lines. In images with the option IRQ_GIC_LPIS.
namespace atl::irq::lpi {

/// Lines of messages (locality-specific peripheral interrupts, Arm IHI 0069H §5.1): edges,
/// always of the boot CPU.
inline constexpr unsigned kBits = 14;  ///< of their numbers: the fewest there may be
inline constexpr std::uint32_t kFirst = 8192, kEnd = 1u << kBits;

/// Where messages for these lines go: what commands call the boot CPU.
struct Target {
  PhysAddr redistributor;
  std::uint32_t processor = 0;
};

/// Gives root() these lines, for as long as the image lives. `make_pending` is irq::raise() of
/// one that is connected; any context. For boot steps and threads. kNotSupported: this GIC has
/// none. kBusy: they are in use. kNoMemory.
Result<Target> open(void (*make_pending)(std::uint32_t line));

}  // namespace atl::irq::lpi
