// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/acpi.hpp>
#include <atoll/arch/ports.hpp>
#include <atoll/vm.hpp>

namespace atl::acpi {
namespace {

constexpr arch::Ports ports;

// A machine's registers in memory share a page, as far as we have met them.
struct Page {
  PhysAddr start;
  VirtAddr at;
};
constinit Page page;

Result<Mmio> map(PhysAddr address, std::uint8_t bytes) {
  const PhysAddr start = address.align_down(kPageSize);
  const std::uint64_t offset = address - start;
  if (offset + bytes > kPageSize) return fail(Errc::kNotSupported);
  if (page.at.value() == 0 || page.start != start)
    page = {start, TRY(vm::map_device({start, kPageSize}))};
  return Mmio{page.at + offset};
}

// One access of the register's width (ACPI 6.5 §5.2.3.2, access size).
template <typename Io>
std::uint32_t read_from(const Io& io, std::uint64_t offset, std::uint8_t bytes) {
  if (bytes == 1) return io.template read<std::uint8_t>(offset);
  if (bytes == 2) return io.template read<std::uint16_t>(offset);
  return io.template read<std::uint32_t>(offset);
}

template <typename Io>
void write_to(const Io& io, std::uint64_t offset, std::uint8_t bytes, std::uint32_t value) {
  if (bytes == 1) return io.template write<std::uint8_t>(offset, static_cast<std::uint8_t>(value));
  if (bytes == 2)
    return io.template write<std::uint16_t>(offset, static_cast<std::uint16_t>(value));
  io.template write<std::uint32_t>(offset, value);
}

}  // namespace

Result<MappedRegister> MappedRegister::create(const Register& where) {
  if (!where.present()) return fail(Errc::kNoDevice);
  MappedRegister mapped;
  mapped.where_ = where;
  if (where.space == Register::Space::kMemory)
    mapped.memory_ = TRY(map(PhysAddr{where.address}, where.bytes));
  return mapped;
}

std::uint32_t MappedRegister::read() const {
  if (!present()) return 0;
  return where_.space == Register::Space::kMemory ? read_from(memory_, 0, where_.bytes)
                                                  : read_from(ports, where_.address, where_.bytes);
}

void MappedRegister::write(std::uint32_t value) const {
  if (!present()) return;
  if (where_.space == Register::Space::kMemory) return write_to(memory_, 0, where_.bytes, value);
  write_to(ports, where_.address, where_.bytes, value);
}

}  // namespace atl::acpi
