// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "shoot_down.hpp"

#include <atoll/arch/shoot_down.hpp>
#include <atoll/irq.hpp>
#include <atoll/lapic.hpp>
#include <bit>

namespace atl::irq {
namespace {

constexpr std::uint32_t kVector = 0xf4;
constexpr std::uint32_t kAssert = 1u << 14;

void interrupt(std::uint64_t cpus) {
  for (; cpus != 0; cpus &= cpus - 1) {
    lapic::send(lapic::id_of(static_cast<std::uint32_t>(std::countr_zero(cpus))),
                kAssert | kVector);
  }
}

void on_interrupt(void*) { arch::answer_shoot_down(); }

}  // namespace

Result<void> connect_shoot_downs() {
  TRY(root().connect(kVector, Trigger::kEdgeRising, on_interrupt, nullptr));
  root().unmask(kVector);
  arch::set_shoot_down_interrupt(interrupt);
  return {};
}

}  // namespace atl::irq
