// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/irq_device_tree.hpp>

namespace atl::irq {

/// line_of(interrupt), by the bindings arm,gic.yaml and arm,gic-v3.yaml: type, number, flags.
/// Each file has one call.
[[gnu::always_inline]] inline Result<TreeLine> gic_line(const device_tree::Interrupt& interrupt) {
  const device_tree::Node& controller = interrupt.controller;
  if (!controller.is_compatible("arm,gic-v3") && !controller.is_compatible("arm,cortex-a15-gic") &&
      !controller.is_compatible("arm,gic-400"))
    return fail(Errc::kNotSupported);
  if (interrupt.count < 3) return fail(Errc::kBadMessage);
  constexpr std::uint32_t kShared = 0, kPrivate = 1;
  const std::uint32_t number = interrupt.cells[1];
  TreeLine found{};
  switch (interrupt.cells[0]) {
    case kShared:
      if (number >= 988) return fail(Errc::kBadMessage);
      found.line = 32 + number;
      break;
    case kPrivate:
      if (number >= 16) return fail(Errc::kBadMessage);
      found.line = 16 + number;
      break;
    default:
      return fail(Errc::kBadMessage);
  }
  switch (interrupt.cells[2] & 0xf) {
    case 1:
      found.trigger = Trigger::kEdgeRising;
      break;
    case 2:
      found.trigger = Trigger::kEdgeFalling;
      break;
    case 4:
      found.trigger = Trigger::kLevelHigh;
      break;
    case 8:
      found.trigger = Trigger::kLevelLow;
      break;
    default:
      return fail(Errc::kBadMessage);
  }
  return found;
}

}  // namespace atl::irq
