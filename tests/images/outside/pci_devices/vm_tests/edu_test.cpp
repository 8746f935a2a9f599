// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/pci_devices.hpp>
#include <atoll/pci_messages.hpp>
#include <atoll/pci_pin.hpp>
#include <atoll/vm_test.hpp>
#include <atomic>

/// QEMU's edu device (docs/specs/edu.txt): registers, a pin, MSI.
namespace pci_edu_test {

using namespace atl;
using arch::Cpu;

constexpr std::uint64_t kIdentity = 0x00, kLiveness = 0x04, kCause = 0x24, kRaise = 0x60;
constexpr std::uint64_t kAcknowledge = 0x64, kSize = 0x10'0000;

const pci::Device* edu(unsigned index = 0) { return test::probed(0x1234, 0x11e8, index); }

/// Registers of a device, and its interrupts counted.
struct Edu {
  explicit Edu(const pci::Device& device) {
    device.enable(pci::kMemory);
    auto mapped = device.map(0, 0, kPageSize);
    VM_EXPECT(mapped.ok());
    if (mapped.ok()) io = mapped.value();
  }
  // Taking the cause back ends a level.
  static void on_interrupt(void* context) {
    auto& self = *static_cast<Edu*>(context);
    self.cause = self.io.read<std::uint32_t>(kCause);
    self.io.write<std::uint32_t>(kAcknowledge, self.cause);
    self.calls = self.calls + 1;
  }
  void raise(std::uint32_t bits) const { io.write<std::uint32_t>(kRaise, bits); }
  // More than an interrupt on its way needs.
  void wait_for(int count) const {
    for (int i = 0; i < 200'000 && calls < count; ++i) Cpu::relax();
  }

  Mmio io;
  std::atomic<int> calls = 0;
  std::atomic<std::uint32_t> cause = 0;
};

/// Lets interrupts in meanwhile.
struct Unmasked {
  Unmasked() { Cpu::enable_interrupts(); }
  ~Unmasked() {
    if (!before) static_cast<void>(Cpu::disable_interrupts());
  }
  bool before = Cpu::interrupts_enabled();
};

VM_TEST(PciEdu, registers_answer_where_the_base_address_says) {
  if (edu() == nullptr) VM_SKIP("this machine has no edu device");
  const auto bar = edu()->bar(0);
  VM_ASSERT(bar.ok());
  VM_EXPECT_EQ(bar.value().range.size, kSize);
  VM_EXPECT(!bar.value().is_port);
  VM_EXPECT_EQ(edu()->bar(1).error(), Errc::kNoEntry);
  VM_EXPECT_EQ(edu()->map(0, kSize - 4, 8).error(), Errc::kOutOfRange);
  const Edu device{*edu()};
  VM_ASSERT(device.io.base().value() != 0);
  VM_EXPECT_EQ(device.io.read<std::uint32_t>(kIdentity), 0x0100'00edu);
  device.io.write<std::uint32_t>(kLiveness, 0x1234'5678);
  VM_EXPECT_EQ(device.io.read<std::uint32_t>(kLiveness), ~0x1234'5678u);
}

VM_TEST(PciEdu, two_devices_have_registers_of_their_own) {
  if (edu(1) == nullptr) VM_SKIP("this machine has no two edu devices");
  const Edu first{*edu()}, second{*edu(1)};
  first.io.write<std::uint32_t>(kLiveness, 1);
  second.io.write<std::uint32_t>(kLiveness, 2);
  VM_EXPECT_EQ(first.io.read<std::uint32_t>(kLiveness), ~1u);
  VM_EXPECT_EQ(second.io.read<std::uint32_t>(kLiveness), ~2u);
}

void expect_interrupts(Edu& device, void (*unmask)(void*), void (*mask)(void*), void* context) {
  const Unmasked interrupts;
  // Masked at first, and remembered.
  device.raise(1);
  device.wait_for(1);
  VM_EXPECT_EQ(device.calls.load(), 0);
  unmask(context);
  device.wait_for(1);
  VM_EXPECT_EQ(device.calls.load(), 1);
  VM_EXPECT_EQ(device.cause.load(), 1u);

  device.raise(4);
  device.wait_for(2);
  VM_EXPECT_EQ(device.calls.load(), 2);
  VM_EXPECT_EQ(device.cause.load(), 4u);

  mask(context);
  device.raise(8);
  device.wait_for(3);
  VM_EXPECT_EQ(device.calls.load(), 2);
  unmask(context);
  device.wait_for(3);
  VM_EXPECT_EQ(device.calls.load(), 3);
}

VM_TEST(PciEdu, a_pin_interrupts) {
  if (edu() == nullptr) VM_SKIP("this machine has no edu device");
  Edu device{*edu()};
  pci::Pin pin;
  const auto connected = pin.connect(*edu(), Edu::on_interrupt, &device);
  if (!connected.ok() && connected.error() == Errc::kNotSupported)
    VM_SKIP("nobody says which line the pin reaches");
  VM_ASSERT(connected.ok());
  VM_EXPECT_EQ(pin.connect(*edu(), Edu::on_interrupt, &device).error(), Errc::kBusy);
  expect_interrupts(
      device, [](void* context) { static_cast<pci::Pin*>(context)->unmask(); },
      [](void* context) { static_cast<pci::Pin*>(context)->mask(); }, &pin);
  pin.disconnect();
  const Unmasked interrupts;
  device.raise(1);
  device.wait_for(4);
  VM_EXPECT_EQ(device.calls.load(), 3);
  device.io.write<std::uint32_t>(kAcknowledge, 1);
}

VM_TEST(PciEdu, pins_on_one_line_are_told_apart) {
  if (edu(1) == nullptr) VM_SKIP("this machine has no two edu devices");
  Edu first{*edu()}, second{*edu(1)};
  pci::Pin first_pin, second_pin;
  const auto connected = first_pin.connect(*edu(), Edu::on_interrupt, &first);
  if (!connected.ok() && connected.error() == Errc::kNotSupported)
    VM_SKIP("nobody says which line the pin reaches");
  VM_ASSERT(connected.ok());
  VM_ASSERT(second_pin.connect(*edu(1), Edu::on_interrupt, &second).ok());
  const auto line = [](unsigned index) {
    const auto found =
        pci::line_of_pin(edu(index)->host(), edu(index)->location(),
                         edu(index)->read<std::uint8_t>(pci::registers::kInterruptPin));
    return found.ok() ? found.value().number : index;
  };
  VM_EXPECT_EQ(line(0), line(1));
  first_pin.unmask();
  second_pin.unmask();
  {
    const Unmasked interrupts;
    second.raise(2);
    second.wait_for(1);
    VM_EXPECT_EQ(second.calls.load(), 1);
    VM_EXPECT_EQ(first.calls.load(), 0);
    first.raise(2);
    first.wait_for(1);
    VM_EXPECT_EQ(first.calls.load(), 1);
    // The one that stays hears of its own still, whatever the other does.
    first_pin.disconnect();
    first.raise(2);
    second.raise(2);
    second.wait_for(2);
    VM_EXPECT_EQ(second.calls.load(), 2);
    VM_EXPECT_EQ(first.calls.load(), 1);
  }
  first.io.write<std::uint32_t>(kAcknowledge, 2);
  second_pin.disconnect();
}

VM_TEST(PciEdu, a_message_interrupts) {
  if (edu() == nullptr) VM_SKIP("this machine has no edu device");
  Edu device{*edu()};
  edu()->enable(pci::kBusMaster);
  auto msi = pci::Msi::connect(*edu(), Edu::on_interrupt, &device);
  if (!msi.ok() && msi.error() == Errc::kNotSupported) VM_SKIP("this machine has no messages");
  VM_ASSERT(msi.ok());
  expect_interrupts(
      device, [](void* context) { static_cast<pci::Msi*>(context)->unmask(); },
      [](void* context) { static_cast<pci::Msi*>(context)->mask(); }, &msi.value());
  msi.value().disconnect(*edu());
  const Unmasked interrupts;
  device.raise(1);
  device.wait_for(4);
  VM_EXPECT_EQ(device.calls.load(), 3);
  device.io.write<std::uint32_t>(kAcknowledge, 1);
}

}  // namespace pci_edu_test
