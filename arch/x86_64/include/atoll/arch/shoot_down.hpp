// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

/// How the CPUs forget translations together: the one that changes an entry asks the
/// others and waits (Intel SDM 3A §4.10.5). It does so with interrupts masked, and may
/// hold locks; so a CPU that waits for a lock answers from Cpu::relax().
namespace atl::arch {

/// This CPU is asked from now on. Its final page table is loaded already; what it has
/// cached so far is forgotten. Once per CPU, interrupts masked.
void join_shoot_downs();

/// And no more: this CPU halts for ever.
void leave_shoot_downs();

/// `interrupt` makes each CPU of a mask (bit n: index n) call answer_shoot_down() from
/// an interrupt handler. Before a second CPU joins.
void set_shoot_down_interrupt(void (*interrupt)(std::uint64_t cpus));

/// Forgets what another CPU waits for to be forgotten here, if one does. Any context.
void answer_shoot_down();

}  // namespace atl::arch
