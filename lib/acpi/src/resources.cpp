// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "aml.hpp"

namespace atl::acpi {
namespace {

// Name (_CRS, Buffer () {...}): §20.2.5.1, §20.2.5.4.
constexpr std::string_view kResources{"\x08_CRS\x11", 6};
constexpr std::uint8_t kBytePrefix = 0x0a, kWordPrefix = 0x0b;
// Tags of resource descriptors (§6.4.2, §6.4.3): small ones have their length in the tag.
constexpr std::uint8_t kLarge = 0x80, kEndTag = 0x78;
constexpr std::uint8_t kFixedMemory = 0x86, kInterrupt = 0x89;
constexpr std::size_t kFixedMemorySize = 12, kInterruptSize = 9;

// The descriptors in the buffer that begins with its length at `at`; empty where it lies
// outside. The number in front of them, how large the buffer is to be made, adds nothing.
Bytes buffer_at(Bytes content, std::size_t at) {
  const aml::Length length = aml::length_at(content, at);
  const std::size_t number = at + length.encoding;
  const std::uint8_t prefix = byte_at(content, number);
  const std::size_t skipped = length.encoding + (prefix == kBytePrefix   ? 2
                                                 : prefix == kWordPrefix ? 3
                                                                         : 1);
  if (length.whole <= skipped) return {};
  return content.subspan(at + skipped, length.whole - skipped);
}

// Bytes of the number behind a prefix (§20.2.3), in which anything may look like an object:
// of one, two, four, and, behind the prefix of strings, eight.
std::size_t number_behind(std::uint8_t prefix) {
  constexpr std::uint8_t kDwordPrefix = 0x0c, kQwordPrefix = 0x0e;
  if (prefix == kQwordPrefix) return 8;
  return prefix >= kBytePrefix && prefix <= kDwordPrefix ? std::size_t{1} << (prefix - kBytePrefix)
                                                         : 0;
}

// What the device says that it uses now. Looked for object by object: the name may stand in
// what another one holds.
Bytes current_resources(Bytes content) {
  for (std::size_t at = 0; at < content.size();) {
    const Bytes rest = content.subspan(at);
    if (rest.size() > kResources.size() &&
        std::memcmp(rest.data(), kResources.data(), kResources.size()) == 0) {
      return buffer_at(content, at + kResources.size());
    }
    at = aml::next_object(content, at) + number_behind(byte_at(content, at));
  }
  return {};
}

// The first descriptor of `tag`, which has at least `size` bytes.
Result<Bytes> descriptor(Bytes content, std::uint8_t tag, std::size_t size) {
  Bytes rest = current_resources(content);
  while (!rest.empty() && (byte_at(rest, 0) & 0xf8) != kEndTag) {
    const std::uint8_t found = byte_at(rest, 0);
    const std::size_t whole = (found & kLarge) != 0
                                  ? std::size_t{3} + number_at<std::uint16_t>(rest, 1)
                                  : std::size_t{1} + (found & 7);
    if (whole > rest.size()) return fail(Errc::kBadMessage);
    if (found == tag) {
      if (whole < size) return fail(Errc::kBadMessage);
      return rest.first(whole);
    }
    rest = rest.subspan(whole);
  }
  return fail(Errc::kNoEntry);
}

}  // namespace

Result<PhysRange> memory_of(const DeviceNode& device) {
  const Bytes memory = TRY(descriptor(device.content, kFixedMemory, kFixedMemorySize));
  return PhysRange{PhysAddr{number_at<std::uint32_t>(memory, 4)},
                   number_at<std::uint32_t>(memory, 8)};
}

Result<DeviceLine> interrupt_of(const DeviceNode& device) {
  const Bytes interrupt = TRY(descriptor(device.content, kInterrupt, kInterruptSize));
  // Table 6.56: how many lines, of which the first stands at 5.
  if (byte_at(interrupt, 4) == 0) return fail(Errc::kBadMessage);
  const std::uint8_t flags = byte_at(interrupt, 3);
  return DeviceLine{number_at<std::uint32_t>(interrupt, 5), (flags & 2) == 0, (flags & 4) != 0};
}

}  // namespace atl::acpi
