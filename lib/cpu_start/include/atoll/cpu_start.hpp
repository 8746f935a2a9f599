// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/cpu_local.hpp>
#include <atoll/result.hpp>
#include <atoll/types.hpp>
#include <cstddef>
#include <cstdint>

/// The machine's further CPUs: which there are, and how one is started. For lib/smp, on
/// the boot CPU, one CPU at a time. May allocate and map; does not wait.
namespace atl::cpu_start {

/// What a starting CPU is given. Lives as long as the image, since a CPU may come late.
struct Start {
  CpuLocal local;           ///< its `index` is set; the provider sets `arch`
  VirtAddr stack_top;       ///< multiple of 16
  void (*entry)(Start&){};  ///< does not return
};

/// The hardware's name of further CPU number `number`, from 0; the boot CPU is none of
/// them. kNoEntry behind the last; kNoDevice where the machine does not say which it
/// has, kBadMessage where it says so wrongly.
Result<std::uint64_t> find(std::size_t number);

/// Has the CPU named `name` call start.entry(start) on its stack, in the final address
/// space, with interrupts masked, per-CPU data set and exceptions taken. Returns before
/// it does. kNoMemory; kNoDevice where the machine does not let it start; kBusy where
/// it runs.
Result<void> start(std::uint64_t name, Start& start);

/// Once for every start() that was ok: the CPU has called its entry, or is given up.
void finish(std::uint64_t name, bool arrived);

}  // namespace atl::cpu_start
