// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// The input is physical memory with a root pointer at its first byte, and each
// kind of table at once. It is read twice: as it is, and with sums that are
// right, which no mutation keeps.
#include <atoll/acpi_tables.hpp>
#include <cstring>
#include <span>

#include "../../../lib/stop_acpi/src/event_device.hpp"
#include "../expect.hpp"
#include "../input.hpp"

namespace {

using namespace atl;

// Address 0 means "none" to ACPI.
constexpr std::uint64_t kStart = 0x1000;
constexpr std::size_t kTableHeader = 36;  // ACPI 6.5 §5.2.6
acpi::Bytes memory;

const std::byte* view(PhysAddr start, std::size_t size) {
  if (start.value() < kStart || size > memory.size()) return nullptr;
  const std::uint64_t offset = start.value() - kStart;
  return offset <= memory.size() - size ? memory.data() + offset : nullptr;
}

void expect_inside(const Result<acpi::Bytes>& table) {
  if (!table.ok()) return;
  FUZZ_EXPECT(table.value().data() >= memory.data());
  FUZZ_EXPECT(table.value().data() + table.value().size() <= memory.data() + memory.size());
}

void repair_sum(std::span<std::byte> bytes, std::size_t at) {
  unsigned sum = 0;
  for (const std::byte byte : bytes) sum += std::to_integer<unsigned>(byte);
  bytes[at] = std::byte(std::to_integer<unsigned>(bytes[at]) - sum);
}

std::uint64_t number_at(std::span<std::byte> bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  if (at + size <= bytes.size()) std::memcpy(&value, bytes.data() + at, size);
  return value;
}

// Gives the table at `address` a sum that is right; it, or nothing.
std::span<std::byte> repair_table(std::span<std::byte> all, std::uint64_t address) {
  if (address < kStart || address - kStart > all.size()) return {};
  const auto rest = all.subspan(address - kStart);
  const std::uint64_t size = number_at(rest, 4, 4);
  if (size < kTableHeader || size > rest.size()) return {};
  repair_sum(rest.first(size), 9);
  return rest.first(size);
}

// From the leaves to the root, whose sums cover what was repaired before.
void repair(std::span<std::byte> all) {
  if (all.size() < 36) return;
  const bool wide = std::to_integer<unsigned>(all[15]) >= 2 && number_at(all, 24, 8) != 0;
  const std::uint64_t root = wide ? number_at(all, 24, 8) : number_at(all, 16, 4);
  const std::size_t entry = wide ? 8 : 4;
  const auto entries = repair_table(all, root);
  for (std::size_t at = kTableHeader; at + entry <= entries.size(); at += entry)
    repair_table(all, number_at(entries, at, entry));
  repair_table(all, root);
  repair_sum(all.first(20), 8);
  repair_sum(all.first(36), 32);
}

void walk_devices(acpi::Bytes table) {
  acpi::DeviceNodes nodes{table};
  // A device takes more than a byte, so that there are fewer than these.
  for (std::size_t left = table.size();; --left) {
    const auto device = nodes.next("");
    if (!device.ok()) return;
    FUZZ_EXPECT(left > 0);
    expect_inside(acpi::Bytes{device.value().content});
    expect_inside(std::as_bytes(std::span{device.value().name}));
    FUZZ_EXPECT(device.value().name.size() == 4);
    static_cast<void>(acpi::memory_of(device.value()));
    static_cast<void>(acpi::interrupt_of(device.value()));
  }
}

void parse(acpi::Bytes table) {
  acpi::Fixed fixed;
  static_cast<void>(acpi::parse_fixed(table, fixed));
  if (const auto type = acpi::find_s5(table); type.ok()) {
    FUZZ_EXPECT(type.value().a < 8 && type.value().b < 8);
  }
  static_cast<void>(find_event_device(table));
  walk_devices(table);
  for (std::size_t index = 0; index < 4; ++index) {
    static_cast<void>(acpi::io_apic(table, index));
    static_cast<void>(acpi::local_apic(table, index));
    if (const auto space = acpi::config_space(table, index); space.ok()) {
      FUZZ_EXPECT(space.value().registers.start < space.value().registers.end());
    }
  }
  for (unsigned isa = 0; isa < 16; ++isa) {
    static_cast<void>(acpi::isa_line(table, static_cast<std::uint8_t>(isa)));
  }
}

void read_all_tables() {
  const auto root = acpi::find_root(view, PhysAddr{kStart});
  if (!root.ok()) return;
  expect_inside(acpi::Bytes{root.value().table});
  for (std::size_t index = 0; index < 3; ++index) {
    for (const acpi::Signature name :
         {acpi::Signature{"APIC"}, acpi::Signature{"FACP"}, acpi::Signature{"MCFG"}}) {
      const auto table = acpi::find_table(view, root.value(), name, index);
      expect_inside(table);
      if (table.ok()) parse(table.value());
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Input input{data, size};
  memory = input.bytes();
  read_all_tables();
  parse(memory);
  repair(input.bytes());
  read_all_tables();
  return 0;
}
