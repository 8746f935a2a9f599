// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/arch/ports.hpp>
#include <atoll/irq_lines.hpp>
#include <atoll/vm_test.hpp>
#include <atomic>

/// The 8254's channel 0 as a source of interrupts: one when its count ends
/// (Intel 8254 data sheet, mode 0).
namespace ioapic_test {

using namespace atl;
using arch::Cpu;

std::atomic<int> calls{0};
void count(void*) { calls = calls + 1; }

constexpr arch::Ports ports;
constexpr std::uint16_t kData = 0x40, kCommand = 0x43;

void start(std::uint16_t ticks) {
  ports.write<std::uint8_t>(kCommand, 0x30);
  ports.write<std::uint8_t>(kData, static_cast<std::uint8_t>(ticks));
  ports.write<std::uint8_t>(kData, static_cast<std::uint8_t>(ticks >> 8));
}

std::uint16_t ticks_left() {
  ports.write<std::uint8_t>(kCommand, 0x00);
  const std::uint8_t low = ports.read<std::uint8_t>(kData);
  return static_cast<std::uint16_t>(low | ports.read<std::uint8_t>(kData) << 8);
}

bool timer_present() {
  start(0xffff);
  const std::uint16_t first = ticks_left();
  for (int i = 0; i < 10'000; ++i) {
    if (ticks_left() != first) return true;
  }
  return false;
}

void wait_for_call() {
  for (int i = 0; i < 1'000'000 && calls == 0; ++i) static_cast<void>(ports.read<std::uint8_t>(0x61));
}

VM_TEST(IoApic, a_device_interrupts_by_its_isa_number) {
  if (!timer_present()) VM_SKIP("this machine has no 8254");
  auto line = irq::isa_line(0);
  VM_ASSERT(line.ok());
  VM_EXPECT_EQ(line.value().trigger, irq::Trigger::kEdgeRising);
  irq::Domain& lines = irq::machine_lines();
  VM_ASSERT(lines.connect(line.value().number, line.value().trigger, count, nullptr).ok());
  VM_EXPECT_EQ(lines.connect(line.value().number, line.value().trigger, count, nullptr).error(),
               Errc::kBusy);
  const bool enabled = Cpu::interrupts_enabled();
  Cpu::enable_interrupts();

  calls = 0;
  lines.unmask(line.value().number);
  start(100);
  wait_for_call();
  VM_EXPECT_EQ(calls.load(), 1);

  // An edge while masked is not lost.
  lines.mask(line.value().number);
  calls = 0;
  start(100);
  while (ticks_left() <= 100) {
  }
  VM_EXPECT_EQ(calls.load(), 0);
  lines.unmask(line.value().number);
  wait_for_call();
  VM_EXPECT_EQ(calls.load(), 1);

  if (!enabled) static_cast<void>(Cpu::disable_interrupts());
  lines.disconnect(line.value().number);
}

VM_TEST(IoApic, numbers_beyond_the_isa_bus) {
  VM_EXPECT_EQ(irq::isa_line(16).error(), Errc::kInvalidArgument);
  VM_EXPECT_EQ(irq::machine_lines().connect(10'000, irq::Trigger::kEdgeRising, count, nullptr)
                   .error(),
               Errc::kInvalidArgument);
}

}  // namespace ioapic_test
