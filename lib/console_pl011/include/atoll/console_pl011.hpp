// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/types.hpp>

/// The console on an Arm PL011, one per image: the one that the platform's
/// entry attaches, else the first that the device tree's bus finds.
namespace atl::console_pl011 {

/// Makes the UART whose registers are mapped at `registers`, uncached and for
/// as long as the image lives, a console sink. For the entry, before boot(), so
/// that a panic of the first boot step is seen; the driver leaves every PL011
/// alone afterwards. Once.
void attach(VirtAddr registers);
/// The same for the generic UART of Arm's SBSA, a PL011 without control registers
/// (Arm BSA, DEN 0094, appendix B): it is on.
void attach_generic(VirtAddr registers);

}  // namespace atl::console_pl011
