// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "bytes.hpp"

namespace atl::acpi {
namespace {

// ACPI 6.5 §5.2.12, tables 5.19, 5.21, 5.22, 5.25, 5.34.
constexpr std::size_t kFirstEntry = 44;
constexpr std::uint8_t kLocalApic = 0, kIoApic = 1, kOverride = 2, kLocalX2apic = 9;
constexpr std::size_t kLocalApicSize = 8, kIoApicSize = 12, kOverrideSize = 10;
constexpr std::size_t kLocalX2apicSize = 16;

// The entry from `at` on, `at` moved behind it; empty behind the last or at an entry
// that cannot be stepped over.
Bytes next_entry(Bytes madt, std::size_t& at) {
  if (at + 2 > madt.size()) return {};
  const std::size_t length = byte_at(madt, at + 1);
  if (length < 2 || length > madt.size() - at) return {};
  const Bytes entry = madt.subspan(at, length);
  at += length;
  return entry;
}

bool is(Bytes entry, std::uint8_t type, std::size_t size) {
  return byte_at(entry, 0) == type && entry.size() >= size;
}

// The next one of `type`.
Bytes next_entry(Bytes madt, std::size_t& at, std::uint8_t type, std::size_t size) {
  for (;;) {
    const Bytes entry = next_entry(madt, at);
    if (entry.empty() || is(entry, type, size)) return entry;
  }
}

}  // namespace

Result<IoApic> io_apic(Bytes table, std::size_t index) {
  std::size_t at = kFirstEntry;
  for (;;) {
    const Bytes entry = next_entry(table, at, kIoApic, kIoApicSize);
    if (entry.empty()) return fail(Errc::kNoEntry);
    if (index-- == 0)
      return IoApic{PhysAddr{number_at<std::uint32_t>(entry, 4)},
                    number_at<std::uint32_t>(entry, 8)};
  }
}

Result<std::uint32_t> local_apic(Bytes table, std::size_t index) {
  constexpr std::uint32_t kEnabled = 1;  // table 5.22
  std::size_t at = kFirstEntry;
  for (;;) {
    const Bytes entry = next_entry(table, at);
    if (entry.empty()) return fail(Errc::kNoEntry);
    const bool old = is(entry, kLocalApic, kLocalApicSize);
    if (!old && !is(entry, kLocalX2apic, kLocalX2apicSize)) continue;
    const std::size_t flags = old ? 4 : 8;
    if ((number_at<std::uint32_t>(entry, flags) & kEnabled) == 0 || index-- != 0) continue;
    return old ? byte_at(entry, 3) : number_at<std::uint32_t>(entry, 4);
  }
}

IsaLine isa_line(Bytes madt, std::uint8_t isa) {
  // ISA interrupts are edge-triggered and active high unless overridden.
  IsaLine line{isa, false, false, false};
  std::size_t at = kFirstEntry;
  for (;;) {
    const Bytes entry = next_entry(madt, at, kOverride, kOverrideSize);
    if (entry.empty()) return line;
    if (byte_at(entry, 2) != 0 || byte_at(entry, 3) != isa) continue;
    const std::uint16_t flags = number_at<std::uint16_t>(entry, 8);
    line.overridden = true;
    line.line = number_at<std::uint32_t>(entry, 4);
    line.active_low = (flags & 3) == 3;  // table 5.26; 0 is the bus's own, high
    line.level = ((flags >> 2) & 3) == 3;
    return line;
  }
}

}  // namespace atl::acpi
