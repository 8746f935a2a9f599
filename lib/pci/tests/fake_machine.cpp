// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "fake_machine.hpp"

#include <atoll/irq_lines.hpp>
#include <atoll/irq_messages.hpp>
#include <atoll/vm.hpp>

namespace atl {

using pci::test::machine;

irq::Domain& irq::root() { return machine->root; }
irq::Domain& irq::machine_lines() { return machine->lines; }

Result<irq::DeviceMessage> irq::connect_message(MessageSource source, Handler handler,
                                                void* context) {
  machine->sources.push_back(source.id);
  if (machine->message_fault != Errc{}) return fail(machine->message_fault);
  const std::uint32_t line = machine->next_message++;
  TRY(root().connect(line, Trigger::kEdgeRising, handler, context));
  return DeviceMessage{machine->message_address, line + machine->message_data_offset, line};
}

Result<irq::Line> pci::line_of_pin(const Host&, Location, std::uint8_t pin) {
  const auto found = machine->pins.find(pin);
  if (found == machine->pins.end()) return fail(Errc::kBadMessage);
  return irq::Line{found->second, irq::Trigger::kLevelHigh};
}

Result<irq::MessageSource> pci::message_source(const Host&, Location at) {
  if (machine->source_fault != Errc{}) return fail(machine->source_fault);
  return irq::MessageSource{.id = at.requester()};
}

Result<VirtAddr> vm::map_device(PhysRange registers) {
  machine->mapped.push_back(registers);
  auto& memory = machine->memory[registers.start.value()];
  memory.resize((registers.size + 3) / 4);
  return VirtAddr::of(memory.data());
}

}  // namespace atl
