// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "event_device.hpp"

#include <cstring>
#include <string_view>

namespace atl {
namespace {

using acpi::Bytes;

constexpr std::size_t kOemId = 10;            // ACPI 6.5 §5.2.6
constexpr std::string_view kQemu = "BOCHS ";  // docs/specs: the tables' OEM
// Name (_HID, "ACPI0013"), §20.2.5.1 and §20.2.3.
constexpr std::string_view kHid{
    "\x08_HID\x0d"
    "ACPI0013",
    14};

// What stands behind the first `text`; empty where there is none.
Bytes behind(std::string_view text, Bytes bytes) {
  for (; bytes.size() >= text.size(); bytes = bytes.subspan(1)) {
    if (static_cast<char>(bytes[0]) == text[0] &&
        std::memcmp(bytes.data(), text.data(), text.size()) == 0)
      return bytes.subspan(text.size());
  }
  return {};
}

template <typename T>
T number_at(Bytes bytes, std::size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

}  // namespace

Result<EventDevice> find_event_device(Bytes dsdt) {
  if (dsdt.size() < kOemId + kQemu.size() ||
      std::memcmp(dsdt.data() + kOemId, kQemu.data(), kQemu.size()) != 0)
    return fail(Errc::kNoEntry);
  const Bytes body = TRY(acpi::DeviceNodes{dsdt}.next(kHid)).content;

  // Extended interrupt descriptor, §6.4.3.6: tag, length 6, flags, one line.
  const Bytes interrupt = behind({"\x89\x06\x00", 3}, body);
  if (interrupt.size() < 6 || number_at<std::uint8_t>(interrupt, 1) != 1)
    return fail(Errc::kNoEntry);
  // OperationRegion (EREG, SystemMemory, address, ...), §20.2.5.2.
  constexpr std::string_view kRegion{
      "\x5b\x80"
      "EREG\x00\x0c",
      8};
  const Bytes region = behind(kRegion, interrupt);
  if (region.size() < 4) return fail(Errc::kNoEntry);

  const std::uint8_t flags = number_at<std::uint8_t>(interrupt, 0);
  return EventDevice{PhysAddr{number_at<std::uint32_t>(region, 0)},
                     number_at<std::uint32_t>(interrupt, 2), (flags & 2) == 0, (flags & 4) != 0};
}

}  // namespace atl
