// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/pci_ecam.hpp>
#include <atoll/vm.hpp>

namespace atl::pci {
namespace {

bool is_open(const Mmio& bus) { return bus.base().value() != 0; }

std::uint64_t address_of(Location at, std::uint16_t offset) {
  return std::uint64_t{at.device} << 15 | std::uint64_t{at.function} << 12 | offset;
}

}  // namespace

Result<void> Ecam::do_open(std::uint8_t bus) {
  if (is_open(buses_[bus])) return {};
  const std::uint64_t offset = (std::uint64_t{bus} - first_bus_) * kBusSize;
  if (bus < first_bus_ || offset + kBusSize > registers_.size) return fail(Errc::kInvalidArgument);
  buses_[bus] = Mmio{TRY(vm::map_device({registers_.start + offset, kBusSize}))};
  return {};
}

std::uint32_t Ecam::do_read(Location at, std::uint16_t offset, std::size_t bytes) {
  const Mmio& bus = buses_[at.bus];
  if (!is_open(bus)) return ~0u;
  const std::uint64_t address = address_of(at, offset);
  if (bytes == 1) return bus.read<std::uint8_t>(address);
  if (bytes == 2) return bus.read<std::uint16_t>(address);
  return bus.read<std::uint32_t>(address);
}

void Ecam::do_write(Location at, std::uint16_t offset, std::size_t bytes, std::uint32_t value) {
  const Mmio& bus = buses_[at.bus];
  if (!is_open(bus)) return;
  const std::uint64_t address = address_of(at, offset);
  if (bytes == 1) return bus.write(address, static_cast<std::uint8_t>(value));
  if (bytes == 2) return bus.write(address, static_cast<std::uint16_t>(value));
  bus.write(address, value);
}

}  // namespace atl::pci
