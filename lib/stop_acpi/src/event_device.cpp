// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "event_device.hpp"

#include <cstring>
#include <optional>
#include <string_view>

namespace atl {
namespace {

using acpi::Bytes;

constexpr std::size_t kOemId = 10;            // ACPI 6.5 §5.2.6
constexpr std::string_view kQemu = "BOCHS ";  // docs/specs: the tables' OEM
// Name (_HID, "ACPI0013"), §20.2.5.1 and §20.2.3, and what stands before it in
// the device: DeviceOp, a length of 1 to 4 bytes, a name of 4.
constexpr std::string_view kHid{
    "\x08_HID\x0d"
    "ACPI0013",
    14};
constexpr std::size_t kNameSize = 4;

// Horspool's search: the byte under the text's end tells how far to move on,
// most often by all of the text. 64 bits say which bytes the text may have.
std::optional<std::size_t> find(Bytes bytes, std::string_view text) {
  const auto bit_of = [](char c) { return std::uint64_t{1} << (c & 63); };
  std::uint64_t letters = 0;
  for (const char c : text) letters |= bit_of(c);
  const auto* const begin = reinterpret_cast<const char*>(bytes.data());
  const std::size_t last = text.size() - 1;
  for (std::size_t end = last; end < bytes.size();) {
    const char under = begin[end];
    std::size_t step = text.size();
    if ((letters & bit_of(under)) != 0) {
      if (under == text[last] && std::memcmp(begin + end - last, text.data(), last) == 0)
        return end - last;
      for (step = 1; step <= last && text[last - step] != under;) ++step;
    }
    end += step;
  }
  return std::nullopt;
}

std::uint64_t little(Bytes bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i)
    value |= std::to_integer<std::uint64_t>(bytes[at + i]) << (8 * i);
  return value;
}

// The rest of the device's body from `hid` on; empty where its beginning is not
// what it should be (§20.2.4 for the length).
Bytes body_of(Bytes table, std::size_t hid) {
  for (std::size_t more = 0; more < 4; ++more) {
    const std::size_t before = kNameSize + 1 + more + 2;
    if (hid < before) break;
    const std::size_t length_at = hid - kNameSize - 1 - more;
    const std::uint64_t lead = little(table, length_at, 1);
    if (little(table, length_at - 2, 2) != 0x825b || lead >> 6 != more) continue;
    std::uint64_t length = more == 0 ? lead & 0x3f : lead & 0x0f;
    length |= little(table, length_at + 1, more) << 4;
    if (length > table.size() - length_at || length_at + length <= hid) break;
    return table.subspan(hid, length_at + length - hid);
  }
  return {};
}

}  // namespace

Result<EventDevice> find_event_device(Bytes dsdt) {
  if (dsdt.size() < kOemId + kQemu.size() ||
      std::memcmp(dsdt.data() + kOemId, kQemu.data(), kQemu.size()) != 0)
    return fail(Errc::kNoEntry);
  const auto hid = find(dsdt, kHid);
  if (!hid) return fail(Errc::kNoEntry);
  const Bytes body = body_of(dsdt, *hid);

  // Extended interrupt descriptor, §6.4.3.6: tag, length 6, flags, one line.
  const auto interrupt = find(body, std::string_view{"\x89\x06\x00", 3});
  if (!interrupt || body.size() - *interrupt < 9 || little(body, *interrupt + 4, 1) != 1)
    return fail(Errc::kNoEntry);
  // OperationRegion (EREG, SystemMemory, address, ...), §20.2.5.2.
  constexpr std::string_view kRegion{
      "\x5b\x80"
      "EREG\x00\x0c",
      8};
  const auto region = find(body, kRegion);
  if (!region || body.size() - *region < kRegion.size() + 4) return fail(Errc::kNoEntry);

  const std::uint64_t flags = little(body, *interrupt + 3, 1);
  return EventDevice{PhysAddr{little(body, *region + kRegion.size(), 4)},
                     static_cast<std::uint32_t>(little(body, *interrupt + 5, 4)), (flags & 2) == 0,
                     (flags & 4) != 0};
}

}  // namespace atl
