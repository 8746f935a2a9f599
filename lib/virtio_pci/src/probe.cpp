// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/log.hpp>
#include <atoll/make.hpp>
#include <atoll/pci.hpp>

#include "device.hpp"
#include "interrupts.hpp"
#include "structures.hpp"

namespace atl {

namespace virtio_pci {
namespace {

// A device is never given up: its driver has it for as long as the image lives.
struct Entry {
  Entry(const pci::Device& found, const Registers<Mmio>& registers, std::uint32_t type)
      : name(found.name()), device(registers, type, name.c_str(), found) {}

  pci::LocationText name;
  PciDevice<Mmio, Interrupts> device;
};

Result<Mmio> map(const pci::Device& device, const Place& place) {
  return device.map(place.bar, place.offset, place.length);
}

Result<Registers<Mmio>> map_all(const pci::Device& device, const Places& places) {
  Registers<Mmio> registers;
  registers.common = TRY(map(device, places.common));
  registers.notify = TRY(map(device, places.notify));
  registers.interrupt = TRY(map(device, places.interrupt));
  registers.notify_bytes = places.notify.length;
  registers.notify_multiplier = places.notify_multiplier;
  // Not every kind of device has one.
  if (places.config.length == 0) return registers;
  registers.config = TRY(map(device, places.config));
  registers.config_bytes = places.config.length;
  return registers;
}

}  // namespace
}  // namespace virtio_pci

Result<void> virtio_pci_probe(const pci::Device& device) {
  using namespace virtio_pci;
  const std::uint32_t type = TRY(type_of(device));
  const auto places = find_structures(device);
  if (!places.ok()) {
    if (places.error() == Errc::kNotSupported) {
      log::error("virtio_pci",
                 "{}: a legacy device, which no driver knows; QEMU makes a modern one with "
                 "disable-modern=off",
                 device.name().c_str());
      return {};
    }
    return fail(places.error());
  }
  const Registers<Mmio> registers = TRY(map_all(device, places.value()));
  device.enable(pci::kMemory | pci::kBusMaster);
  Entry& entry = *TRY(make_in<Entry>(default_allocator(), device, registers, type));
  virtio::attach(entry.device);
  return {};
}

}  // namespace atl
