// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/acpi.hpp>
#include <atoll/arch/ports.hpp>
#include <atoll/mmio.hpp>
#include <atoll/vm.hpp>

namespace atl::acpi {
namespace {

// A machine's registers in memory share a page, as far as we have met them.
struct Page {
  PhysAddr start;
  VirtAddr at;
};
constinit Page page;

std::uint64_t map(PhysAddr address, std::uint8_t bytes) {
  const PhysAddr start = address.align_down(kPageSize);
  const std::uint64_t offset = address - start;
  if (offset + bytes > kPageSize) return 0;
  if (page.at.value() == 0 || page.start != start) {
    auto mapped = vm::map_device({start, kPageSize});
    if (!mapped) return 0;
    page = {start, mapped.value()};
  }
  return page.at.value() + offset;
}

// One access of the register's width (ACPI 6.5 §5.2.3.2, access size).
template <typename Io>
std::uint32_t read_from(const Io& io, std::uint8_t bytes) {
  if (bytes == 1) return io.template read<std::uint8_t>(0);
  if (bytes == 2) return io.template read<std::uint16_t>(0);
  return io.template read<std::uint32_t>(0);
}

template <typename Io>
void write_to(const Io& io, std::uint8_t bytes, std::uint32_t value) {
  if (bytes == 1) return io.template write<std::uint8_t>(0, static_cast<std::uint8_t>(value));
  if (bytes == 2) return io.template write<std::uint16_t>(0, static_cast<std::uint16_t>(value));
  io.template write<std::uint32_t>(0, value);
}

arch::Ports ports_at(std::uint64_t address) {
  return arch::Ports{static_cast<std::uint16_t>(address)};
}

}  // namespace

MappedRegister MappedRegister::of(const Register& where) {
  MappedRegister mapped;
  mapped.space_ = where.space;
  mapped.bytes_ = where.bytes;
  mapped.address_ = where.present() && where.space == Register::Space::kMemory
                        ? map(PhysAddr{where.address}, where.bytes)
                        : where.address;
  return mapped;
}

std::uint32_t MappedRegister::read() const {
  if (!present()) return 0;
  return space_ == Register::Space::kMemory ? read_from(Mmio{VirtAddr{address_}}, bytes_)
                                            : read_from(ports_at(address_), bytes_);
}

void MappedRegister::write(std::uint32_t value) const {
  if (!present()) return;
  if (space_ == Register::Space::kMemory) return write_to(Mmio{VirtAddr{address_}}, bytes_, value);
  write_to(ports_at(address_), bytes_, value);
}

}  // namespace atl::acpi
