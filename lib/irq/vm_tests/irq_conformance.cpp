// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/irq.hpp>
#include <atoll/vm_test.hpp>
#include <atomic>

/// What atoll/irq.hpp promises of every root controller.
namespace irq_conformance {

using namespace atl;
using arch::Cpu;

std::atomic<int> calls{0};
std::uint32_t depth_seen = 0;
bool enabled_seen = true;

void count(void* context) {
  depth_seen = Cpu::cpu_local().interrupt_depth;
  enabled_seen = Cpu::interrupts_enabled();
  if (context != nullptr) irq::root().mask(*static_cast<std::uint32_t*>(context));
  calls = calls + 1;
}

/// Connects a line that nothing else uses, and lets interrupts in meanwhile.
class FreeLine {
 public:
  explicit FreeLine(irq::Trigger trigger = irq::Trigger::kEdgeRising, bool masks_itself = false) {
    calls = 0;
    // The lines of a machine without devices are those below.
    for (const auto& [first, last] : {Range{100, 250}, Range{16, 100}}) {
      for (number = first; number < last; ++number) {
        void* const context = masks_itself ? &number : nullptr;
        usable = irq::root().connect(number, trigger, count, context).ok();
        if (usable) break;
      }
      if (usable) break;
    }
    state_ = Cpu::interrupts_enabled();
    Cpu::enable_interrupts();
  }
  ~FreeLine() {
    if (!state_) static_cast<void>(Cpu::disable_interrupts());
    irq::root().disconnect(number);
  }
  FreeLine(const FreeLine&) = delete;
  FreeLine& operator=(const FreeLine&) = delete;

  std::uint32_t number;
  bool usable = false;

 private:
  struct Range {
    std::uint32_t first;
    std::uint32_t last;
  };

  bool state_;
};

// More than an interrupt on its way needs.
void wait_a_little() {
  for (int i = 0; i < 100'000 && calls == 0; ++i) Cpu::relax();
}

VM_TEST(IrqConformance, an_interrupt_reaches_its_handler) {
  FreeLine line;
  VM_ASSERT(line.usable);
  irq::root().unmask(line.number);
  irq::raise(line.number);
  wait_a_little();
  VM_EXPECT_EQ(calls.load(), 1);
  VM_EXPECT_EQ(depth_seen, 1u);
  VM_EXPECT(!enabled_seen);
  VM_EXPECT_EQ(Cpu::cpu_local().interrupt_depth, 0u);
}

VM_TEST(IrqConformance, interrupts_wait_while_the_cpu_masks_them) {
  FreeLine line;
  irq::root().unmask(line.number);
  const auto state = Cpu::disable_interrupts();
  irq::raise(line.number);
  wait_a_little();
  VM_EXPECT_EQ(calls.load(), 0);
  Cpu::restore_interrupts(state);
  wait_a_little();
  VM_EXPECT_EQ(calls.load(), 1);
}

VM_TEST(IrqConformance, waiting_ends_with_an_interrupt_that_came_before) {
  FreeLine line;
  irq::root().unmask(line.number);
  const auto state = Cpu::disable_interrupts();
  irq::raise(line.number);
  while (calls == 0) Cpu::wait_for_interrupt();
  VM_EXPECT(!Cpu::interrupts_enabled());
  Cpu::restore_interrupts(state);
  VM_EXPECT_EQ(calls.load(), 1);
}

VM_TEST(IrqConformance, a_connected_line_is_masked_and_remembers) {
  FreeLine line;
  irq::raise(line.number);
  wait_a_little();
  VM_EXPECT_EQ(calls.load(), 0);
  irq::root().unmask(line.number);
  wait_a_little();
  VM_EXPECT_EQ(calls.load(), 1);
}

VM_TEST(IrqConformance, mask_and_unmask) {
  FreeLine line;
  irq::root().unmask(line.number);
  irq::root().mask(line.number);
  irq::raise(line.number);
  wait_a_little();
  VM_EXPECT_EQ(calls.load(), 0);
  irq::root().unmask(line.number);
  wait_a_little();
  VM_EXPECT_EQ(calls.load(), 1);
}

VM_TEST(IrqConformance, a_handler_may_mask_its_line) {
  FreeLine line{irq::Trigger::kEdgeRising, true};
  irq::root().unmask(line.number);
  irq::raise(line.number);
  wait_a_little();
  VM_EXPECT_EQ(calls.load(), 1);
  calls = 0;
  irq::raise(line.number);
  wait_a_little();
  VM_EXPECT_EQ(calls.load(), 0);
  irq::root().unmask(line.number);
  wait_a_little();
  VM_EXPECT_EQ(calls.load(), 1);
}

VM_TEST(IrqConformance, a_handler_gets_its_own_context) {
  static void* seen;
  const auto look = [](void* context) {
    seen = context;
    calls = calls + 1;
  };
  std::uint32_t number = 0;
  {
    FreeLine line;
    number = line.number;
  }
  const bool state = Cpu::interrupts_enabled();
  Cpu::enable_interrupts();
  for (void* const context : {static_cast<void*>(&number), static_cast<void*>(nullptr)}) {
    VM_EXPECT(irq::root().connect(number, irq::Trigger::kEdgeRising, look, context).ok());
    calls = 0;
    seen = &calls;
    irq::root().unmask(number);
    irq::raise(number);
    wait_a_little();
    VM_EXPECT_EQ(seen, context);
    irq::root().disconnect(number);
  }
  if (!state) static_cast<void>(Cpu::disable_interrupts());
}

VM_TEST(IrqConformance, many_interrupts_are_all_handled) {
  FreeLine line;
  irq::root().unmask(line.number);
  for (int i = 0; i < 1'000; ++i) {
    calls = 0;
    irq::raise(line.number);
    wait_a_little();
    VM_ASSERT_EQ(calls.load(), 1);
  }
}

VM_TEST(IrqConformance, one_handler_a_line) {
  FreeLine line;
  VM_EXPECT_EQ(irq::root().connect(line.number, irq::Trigger::kEdgeRising, count, nullptr).error(),
               Errc::kBusy);
}

VM_TEST(IrqConformance, a_disconnected_line_is_silent) {
  std::uint32_t number = 0;
  {
    FreeLine line;
    irq::root().unmask(line.number);
    number = line.number;
  }
  calls = 0;
  const auto state = Cpu::interrupts_enabled();
  Cpu::enable_interrupts();
  irq::raise(number);
  irq::root().unmask(number);
  wait_a_little();
  if (!state) static_cast<void>(Cpu::disable_interrupts());
  VM_EXPECT_EQ(calls.load(), 0);
}

VM_TEST(IrqConformance, refuses_lines_that_it_lacks) {
  for (const std::uint32_t line : {1023u, 100'000u, ~0u})
    VM_EXPECT_EQ(irq::root().connect(line, irq::Trigger::kEdgeRising, count, nullptr).error(),
                 Errc::kInvalidArgument);
  VM_EXPECT_EQ(irq::root().connect(100, irq::Trigger::kEdgeRising, nullptr, nullptr).error(),
               Errc::kInvalidArgument);
}

}  // namespace irq_conformance
