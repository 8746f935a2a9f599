// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/arch/ports.hpp>
#include <atoll/irq_lines.hpp>
#include <atoll/vm_test.hpp>
#include <atomic>

/// The real-time clock's periodic interrupt, ISA number 8, as a source of edges
/// (MC146818 data sheet, registers A, B and C).
namespace ioapic_test {

using namespace atl;
using arch::Cpu;

constexpr arch::Ports ports;
constexpr std::uint8_t kRate = 0x0a, kControl = 0x0b, kCause = 0x0c;
constexpr std::uint8_t kPeriodic = 1u << 6;

std::uint8_t get(std::uint8_t index) {
  ports.write<std::uint8_t>(0x70, index);
  return ports.read<std::uint8_t>(0x71);
}
void set(std::uint8_t index, std::uint8_t value) {
  ports.write<std::uint8_t>(0x70, index);
  ports.write<std::uint8_t>(0x71, value);
}

std::atomic<int> calls{0};

// The next edge comes once the cause has been read.
void on_interrupt(void*) {
  static_cast<void>(get(kCause));
  calls = calls + 1;
}

// More than a period of a millisecond; each look takes a third of a microsecond
// or more.
void wait_for_periods() {
  for (int i = 0; i < 100'000; ++i) static_cast<void>(ports.read<std::uint8_t>(0x61));
}

// Waits for that many calls more, long enough for a monitor whose timers are late because
// its machine is busy.
void wait_for_calls(int more) {
  const int enough = calls + more;
  for (int i = 0; i < 300 && calls < enough; ++i) wait_for_periods();
}

VM_TEST(IoApic, a_device_interrupts_by_its_isa_number) {
  if (get(kControl) == 0xff) VM_SKIP("this machine has no real-time clock");
  auto line = irq::isa_line(8);
  VM_ASSERT(line.ok());
  irq::Domain& lines = irq::machine_lines();
  const std::uint32_t number = line.value().number;
  VM_ASSERT(lines.connect(number, line.value().trigger, on_interrupt, nullptr).ok());
  VM_EXPECT_EQ(lines.connect(number, line.value().trigger, on_interrupt, nullptr).error(),
               Errc::kBusy);
  const bool enabled = Cpu::interrupts_enabled();
  Cpu::enable_interrupts();
  set(kRate, 0x26);  // 1024 a second
  set(kControl, static_cast<std::uint8_t>(get(kControl) | kPeriodic));
  static_cast<void>(get(kCause));

  // An edge while masked is not lost, and there is one only.
  wait_for_periods();
  VM_EXPECT_EQ(calls.load(), 0);
  lines.unmask(number);
  wait_for_calls(2);
  VM_EXPECT_GE(calls.load(), 2);

  lines.mask(number);
  const int before = calls;
  wait_for_periods();
  VM_EXPECT_EQ(calls.load(), before);
  lines.unmask(number);
  wait_for_calls(2);
  VM_EXPECT_GE(calls.load(), before + 2);

  set(kControl, static_cast<std::uint8_t>(get(kControl) & ~kPeriodic));
  if (!enabled) static_cast<void>(Cpu::disable_interrupts());
  lines.disconnect(number);
}

VM_TEST(IoApic, numbers_beyond_the_isa_bus) {
  VM_EXPECT_EQ(irq::isa_line(16).error(), Errc::kInvalidArgument);
  VM_EXPECT_EQ(irq::machine_lines()
                   .connect(10'000, irq::Trigger::kEdgeRising, on_interrupt, nullptr)
                   .error(),
               Errc::kInvalidArgument);
}

}  // namespace ioapic_test
