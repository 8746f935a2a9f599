// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/device_tree.hpp>
#include <atoll/irq.hpp>
#include <atoll/irq_device_tree.hpp>
#include <atoll/shutdown.hpp>
#include <atoll/vm.hpp>

#include "pl061.hpp"

namespace atl {
namespace {

constinit Pl061<Mmio> chip;
constinit std::uint32_t power_pin = 0;

void on_interrupt(void* /*context*/) {
  if ((chip.take() & 1u << power_pin) != 0) shutdown::request_stop();
}

Result<void> listen(const device_tree::Node& gpio, std::uint32_t pin, bool active_low) {
  if (!gpio.is_compatible("arm,pl061")) return fail(Errc::kNotSupported);
  const irq::TreeLine line = TRY(irq::line_of(gpio));
  const PhysRange registers = TRY(gpio.reg(0));
  if (registers.size < chip.kSize || pin >= chip.kPins) return fail(Errc::kBadMessage);
  auto connected = irq::root().connect(line.line, line.trigger, on_interrupt, nullptr);
  // A node without interrupts of its own is probed before their controller.
  if (!connected && connected.error() == Errc::kNoDevice) return fail(Errc::kTryAgain);
  if (!connected) return connected;
  auto mapped = vm::map_device({registers.start, chip.kSize});
  if (!mapped) {
    irq::root().disconnect(line.line);
    return fail(mapped.error());
  }
  chip = Pl061<Mmio>{Mmio{mapped.value()}};
  power_pin = pin;
  chip.listen(pin, active_low);
  irq::root().unmask(line.line);
  return {};
}

}  // namespace

// Binding gpio-keys.yaml: one child a key, with its input event's code.
Result<void> stop_gpio_keys_probe(const device_tree::Device& node) {
  constexpr std::uint32_t kPowerKey = 116;  // Linux input-event-codes.h, KEY_POWER
  constexpr std::uint32_t kActiveLow = 1;   // binding gpio.txt, flags
  for (const device_tree::Node key : node.children()) {
    auto code = key.u32("linux,code");
    const auto gpios = key.property("gpios");
    if (!code || code.value() != kPowerKey || !gpios) continue;
    const auto gpio = device_tree::tree()->by_phandle(TRY(gpios->cell(0)));
    if (!gpio) return fail(Errc::kBadMessage);
    const std::uint32_t flags = TRY(gpios->cell(2));
    return listen(*gpio, TRY(gpios->cell(1)), (flags & kActiveLow) != 0);
  }
  return {};
}

}  // namespace atl
