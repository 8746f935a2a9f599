// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/arch.hpp>
#include <atoll/pci_devices.hpp>
#include <atoll/pci_messages.hpp>
#include <atoll/vm_test.hpp>
#include <atomic>

/// MSI-X of an Intel 82574 (data sheet §10.2.4), whose interrupts software can cause.
namespace pci_e1000e_test {

using namespace atl;
using arch::Cpu;

constexpr std::uint64_t kCauses = 0xc0, kCause = 0xc8, kMaskSet = 0xd0, kVectors = 0xe4;
constexpr std::uint64_t kControlExtended = 0x18, kAutoClear = 0xdc;
constexpr std::uint32_t kQueue0 = 1u << 20, kQueue1 = 1u << 21;

std::array<std::atomic<int>, 2> calls;

void count(void* context) {
  auto& counter = *static_cast<std::atomic<int>*>(context);
  counter = counter + 1;
}

void wait_for(unsigned vector, int enough) {
  for (int i = 0; i < 200'000 && calls[vector] < enough; ++i) Cpu::relax();
}

VM_TEST(PciE1000e, each_vector_has_its_handler) {
  const pci::Device* const device = test::probed(0x8086, 0x10d3);
  if (device == nullptr) VM_SKIP("this machine has no e1000e");
  device->enable(pci::kMemory | pci::kBusMaster);
  const auto registers = device->map(0, 0, kPageSize);
  VM_ASSERT(registers.ok());
  const Mmio io = registers.value();
  std::array<irq::DeviceMessage, 2> room;
  auto opened = pci::MsixTable::open(*device, room);
  VM_ASSERT(opened.ok());
  pci::MsixTable& table = opened.value();
  VM_EXPECT_EQ(table.size(), 2u);
  const auto connected = table.connect(0, count, &calls[0]);
  if (!connected.ok() && connected.error() == Errc::kNotSupported) {
    table.close(*device);
    VM_SKIP("this machine has no messages");
  }
  VM_ASSERT(connected.ok());
  VM_ASSERT(table.connect(1, count, &calls[1]).ok());
  VM_EXPECT_EQ(table.connect(1, count, &calls[1]).error(), Errc::kBusy);
  VM_EXPECT_EQ(table.connect(2, count, nullptr).error(), Errc::kOutOfRange);

  const bool enabled = Cpu::interrupts_enabled();
  Cpu::enable_interrupts();
  // Receive queues 0 and 1 to vectors 0 and 1, both valid; causes cleared as they are sent.
  io.write<std::uint32_t>(kVectors, 0x98);
  io.write<std::uint32_t>(kAutoClear, kQueue0 | kQueue1);
  io.write<std::uint32_t>(kControlExtended, 1u << 31);
  static_cast<void>(io.read<std::uint32_t>(kCauses));
  io.write<std::uint32_t>(kMaskSet, kQueue0 | kQueue1);

  io.write<std::uint32_t>(kCause, kQueue1);
  wait_for(1, 1);
  VM_EXPECT_EQ(calls[1].load(), 0);
  table.unmask(0);
  table.unmask(1);
  wait_for(1, 1);
  VM_EXPECT_EQ(calls[1].load(), 1);
  VM_EXPECT_EQ(calls[0].load(), 0);
  io.write<std::uint32_t>(kCause, kQueue0);
  wait_for(0, 1);
  VM_EXPECT_EQ(calls[0].load(), 1);
  VM_EXPECT_EQ(calls[1].load(), 1);

  table.disconnect(0);
  io.write<std::uint32_t>(kCause, kQueue0);
  wait_for(0, 2);
  VM_EXPECT_EQ(calls[0].load(), 1);
  table.close(*device);
  if (!enabled) static_cast<void>(Cpu::disable_interrupts());
}

}  // namespace pci_e1000e_test
