// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/irq.hpp>

namespace atl::irq {

/// Interrupt lines as machines number them: x86_64 global system interrupts
/// (ACPI 6.5 §5.2.13) on the IOAPICs, arm64 the root's INTIDs. The first
/// connect() on x86_64 reads the ACPI tables and maps the IOAPICs: not from an
/// interrupt handler. Valid after the boot step of `irq`.
Domain& machine_lines();

/// The line behind number `isa` of the 8259's sixteen, as old devices (UART 4
/// and 3, RTC 8) name theirs, and how it signals: the ACPI tables' interrupt
/// source overrides applied. kNotSupported where the machine has no such
/// numbers; kInvalidArgument above 15.
struct Line {
  std::uint32_t number;
  Trigger trigger;
};
Result<Line> isa_line(std::uint32_t isa);

}  // namespace atl::irq
