// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// The input is physical memory with a root pointer at its first byte, and each
// kind of table at once.
#include <atoll/acpi_tables.hpp>
#include <cstring>
#include <memory>

#include "../expect.hpp"

namespace {

using namespace atl;

// Address 0 means "none" to ACPI.
constexpr std::uint64_t kStart = 0x1000;
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

void read_all_tables() {
  const auto root = acpi::find_root(view, PhysAddr{kStart});
  if (!root.ok()) return;
  expect_inside(acpi::Bytes{root.value().table});
  for (std::size_t index = 0; index < 3; ++index) {
    expect_inside(acpi::find_table(view, root.value(), acpi::Signature{"APIC"}, index));
    expect_inside(acpi::find_table(view, root.value(), acpi::Signature{"FACP"}, index));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A copy of just that size, so that a read behind it shows.
  const auto copy = std::make_unique<std::byte[]>(size);
  if (size != 0) std::memcpy(copy.get(), data, size);
  memory = {copy.get(), size};
  read_all_tables();

  acpi::Fixed fixed;
  static_cast<void>(acpi::parse_fixed(memory, fixed));
  if (const auto type = acpi::find_s5(memory); type.ok()) {
    FUZZ_EXPECT(type.value().a < 8 && type.value().b < 8);
  }
  for (std::size_t index = 0; index < 4; ++index) {
    static_cast<void>(acpi::io_apic(memory, index));
  }
  for (unsigned isa = 0; isa < 16; ++isa) {
    static_cast<void>(acpi::isa_line(memory, static_cast<std::uint8_t>(isa)));
  }
  return 0;
}
