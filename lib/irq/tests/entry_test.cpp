// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/arch.hpp>
#include <atoll/host/machine.hpp>
#include <atoll/irq.hpp>
#include <atoll/irq_handlers.hpp>
#include <functional>

namespace {

using atl::arch::Cpu;

std::function<void(std::uint32_t)> on_dispatch;
int calls;
atl::arch::TrapFrame* interrupted;

void reschedule(atl::arch::TrapFrame* frame) {
  EXPECT_EQ(Cpu::cpu_local().interrupt_depth, 0u);
  EXPECT_EQ(frame, interrupted);
  ++calls;
}

struct EntryTest : testing::Test {
  void SetUp() override {
    atl::host::reset_machine();
    calls = 0;
    on_dispatch = [](std::uint32_t) {};
  }
  void TearDown() override { Cpu::cpu_local().reschedule = nullptr; }

  static void interrupt(std::uint32_t vector) {
    atl::arch::TrapFrame frame;
    if (vector == 32) interrupted = &frame;
    atl::arch::handle_interrupt(vector, frame);
  }
};

TEST_F(EntryTest, hands_the_vector_to_the_provider_one_level_deep) {
  std::uint32_t seen = 0;
  on_dispatch = [&](std::uint32_t vector) {
    seen = vector;
    EXPECT_EQ(Cpu::cpu_local().interrupt_depth, 1u);
  };
  interrupt(77);
  EXPECT_EQ(seen, 77u);
  EXPECT_EQ(Cpu::cpu_local().interrupt_depth, 0u);
}

TEST_F(EntryTest, the_scheduler_is_called_where_it_wants_the_cpu) {
  interrupt(32);
  EXPECT_EQ(calls, 0);
  on_dispatch = [](std::uint32_t) { Cpu::cpu_local().reschedule = reschedule; };
  interrupt(32);
  EXPECT_EQ(calls, 1);
}

TEST_F(EntryTest, the_scheduler_is_called_once_for_nested_interrupts) {
  on_dispatch = [](std::uint32_t vector) {
    Cpu::cpu_local().reschedule = reschedule;
    if (vector == 32) interrupt(33);
    EXPECT_EQ(calls, 0);
  };
  interrupt(32);
  EXPECT_EQ(calls, 1);
}

TEST_F(EntryTest, counts_strays) {
  const std::uint32_t before = atl::irq::stray_count();
  atl::irq::count_stray();
  EXPECT_EQ(atl::irq::stray_count(), before + 1);
}

}  // namespace

namespace atl::irq {
void dispatch(std::uint32_t vector) { on_dispatch(vector); }
}  // namespace atl::irq
