// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/acpi.hpp>
#include <atoll/cpu_start.hpp>
#include <atoll/lapic.hpp>

namespace atl::cpu_start {

Result<std::uint64_t> find(std::size_t number) {
  const auto madt = acpi::table(acpi::Signature{"APIC"});
  if (!madt.ok()) {
    return fail(madt.error() == Errc::kNoEntry ? Errc::kNoDevice : madt.error());
  }
  for (std::size_t index = 0;; ++index) {
    const std::uint32_t name = TRY(acpi::local_apic(madt.value(), index));
    if (name == lapic::boot_id()) continue;
    if (number-- == 0) return std::uint64_t{name};
  }
}

}  // namespace atl::cpu_start
