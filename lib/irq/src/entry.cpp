// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/arch.hpp>
#include <atoll/irq.hpp>
#include <atoll/irq_handlers.hpp>

namespace atl::irq {
namespace {

// Each CPU writes its own counter only.
constinit std::array<std::uint32_t, kMaxCpus> strays{};

}  // namespace

std::uint32_t stray_count() { return strays[arch::Cpu::cpu_local().index]; }

void count_stray() { ++strays[arch::Cpu::cpu_local().index]; }

}  // namespace atl::irq

namespace atl::arch {

void handle_interrupt(std::uint32_t vector, TrapFrame& frame) {
  CpuLocal& local = Cpu::cpu_local();
  ++local.interrupt_depth;
  irq::dispatch(vector);
  --local.interrupt_depth;
  if (local.interrupt_depth == 0 && local.reschedule != nullptr) local.reschedule(&frame);
}

}  // namespace atl::arch
