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

// The key as its node says it; phandle 0: not met yet.
struct Key {
  std::uint32_t gpio;  // the phandle of its controller
  std::uint32_t pin;
  bool active_low;
};
constinit Key key{};
// A GPIO controller was probed, hence the controller of its interrupts is ready.
constinit bool interrupts_ready = false;
constinit Pl061<Mmio> chip;

void on_interrupt(void* /*context*/) {
  if ((chip.take() & 1u << key.pin) != 0) shutdown::request_stop();
}

Result<void> listen(const device_tree::Node& gpio) {
  if (!gpio.is_compatible("arm,pl061")) return fail(Errc::kNotSupported);
  const irq::TreeLine line = TRY(irq::line_of(gpio));
  const PhysRange registers = TRY(gpio.reg(0));
  if (registers.size < chip.kSize || key.pin >= chip.kPins) return fail(Errc::kBadMessage);
  TRY(irq::root().connect(line.line, line.trigger, on_interrupt, nullptr));
  auto mapped = vm::map_device({registers.start, chip.kSize});
  if (!mapped) {
    irq::root().disconnect(line.line);
    return fail(mapped.error());
  }
  chip = Pl061<Mmio>{Mmio{mapped.value()}};
  chip.listen(key.pin, key.active_low);
  irq::root().unmask(line.line);
  return {};
}

}  // namespace

// Binding gpio-keys.yaml: one child a key, with its input event's code. The node
// has no interrupts of its own, so that it mostly comes before their controller;
// then its GPIO controller, which has, takes over.
Result<void> stop_gpio_keys_probe(const device_tree::Device& node) {
  constexpr std::uint32_t kPowerKey = 116;  // Linux input-event-codes.h, KEY_POWER
  constexpr std::uint32_t kActiveLow = 1;   // binding gpio.txt, flags
  for (const device_tree::Node child : node.children()) {
    auto code = child.u32("linux,code");
    const auto gpios = child.property("gpios");
    if (!code || code.value() != kPowerKey || !gpios) continue;
    const std::uint32_t flags = TRY(gpios.cell(2));
    key = {TRY(gpios.cell(0)), TRY(gpios.cell(1)), (flags & kActiveLow) != 0};
    if (!interrupts_ready) return {};
    const auto gpio = device_tree::tree()->by_phandle(key.gpio);
    if (!gpio) return fail(Errc::kBadMessage);
    return listen(*gpio);
  }
  return {};
}

Result<void> stop_gpio_keys_probe_gpio(const device_tree::Device& node) {
  interrupts_ready = true;
  if (key.gpio == 0 || node.phandle() != key.gpio) return {};
  return listen(node);
}

}  // namespace atl
