// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "fake_config.hpp"

namespace atl::pci::test {

void FakeFunction::put(std::size_t offset, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i)
    bytes.at(offset + i) = static_cast<std::uint8_t>(value >> 8 * i);
}

std::uint32_t FakeFunction::get(std::size_t offset, std::size_t size) const {
  std::uint32_t value = 0;
  for (std::size_t i = size; i-- > 0;) value = value << 8 | bytes.at(offset + i);
  return value;
}

void FakeFunction::allow(std::size_t offset, std::uint64_t bits, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i)
    writable.at(offset + i) = static_cast<std::uint8_t>(bits >> 8 * i);
}

FakeFunction FakeFunction::device(std::uint16_t vendor, std::uint16_t device) {
  FakeFunction made;
  made.put(registers::kVendor, vendor, 2);
  made.put(registers::kDevice, device, 2);
  made.allow(registers::kCommand, 0x7ff, 2);
  made.allow(registers::kInterruptLine, 0xff, 1);
  return made;
}

FakeFunction FakeFunction::bridge() {
  FakeFunction made = device(0x1b36, 0x0001);
  made.put(registers::kHeaderType, kBridgeHeader, 1);
  made.allow(registers::kPrimaryBus, 0xff'ffff, 3);
  made.allow(registers::kPortWindow, 0xf0f0, 2);
  made.allow(registers::kMemoryWindow, 0xfff0'fff0, 4);
  made.allow(registers::kPrefetchableWindow, 0xfff0'fff0, 4);
  return made;
}

void FakeFunction::add_bar(unsigned index, std::uint64_t size, std::uint32_t type) {
  const std::size_t offset = registers::kBars + 4 * std::size_t{index};
  const std::uint64_t mask = ~(size - 1);
  const bool wide = (type & 7) == 4;
  put(offset, type, 4);
  allow(offset, mask & ~std::uint64_t{(type & 1) != 0 ? 3u : 15u}, 4);
  if (wide) allow(offset + 4, mask >> 32, 4);
}

std::uint64_t FakeFunction::bar(unsigned index) const {
  const std::size_t offset = registers::kBars + 4 * std::size_t{index};
  const std::uint32_t low = get(offset, 4);
  if ((low & 1) != 0) return low & ~3u;
  const std::uint64_t high = (low & 7) == 4 ? get(offset + 4, 4) : 0;
  return high << 32 | (low & ~15u);
}

void FakeFunction::add_capability(std::uint8_t at, std::uint8_t id) {
  std::size_t link = registers::kCapabilities;
  while (bytes.at(link) != 0) link = bytes.at(link) + std::size_t{1};
  bytes.at(link) = at;
  put(at, id, 2);
  put(registers::kStatus, get(registers::kStatus, 2) | 0x10, 2);
}

FakeFunction* FakeConfig::find(Location at) {
  auto* level = &functions;
  std::uint8_t bus = 0;
  while (at.bus != bus) {
    FakeFunction* way = nullptr;
    for (auto& [place, function] : *level) {
      const auto first = function.get(registers::kSecondaryBus, 1);
      if (way == nullptr && function.get(registers::kHeaderType, 1) == kBridgeHeader &&
          first > bus && first <= at.bus && function.get(registers::kSubordinateBus, 1) >= at.bus)
        way = &function;
    }
    if (way == nullptr) return nullptr;
    bus = static_cast<std::uint8_t>(way->get(registers::kSecondaryBus, 1));
    level = &way->behind;
  }
  const auto found = level->find(unsigned{at.device} << 3 | at.function);
  return found == level->end() ? nullptr : &found->second;
}

Result<void> FakeConfig::do_open(std::uint8_t bus) {
  if (fault != Errc{}) return fail(fault);
  opened.insert(bus);
  return {};
}

std::uint32_t FakeConfig::do_read(Location at, std::uint16_t offset, std::size_t bytes) {
  const FakeFunction* const function = opened.contains(at.bus) ? find(at) : nullptr;
  if (function == nullptr || offset + bytes > 256) return ~0u;
  return function->get(offset, bytes);
}

void FakeConfig::do_write(Location at, std::uint16_t offset, std::size_t bytes,
                          std::uint32_t value) {
  FakeFunction* const function = opened.contains(at.bus) ? find(at) : nullptr;
  if (function == nullptr || offset + bytes > 256) return;
  for (std::size_t i = 0; i < bytes; ++i) {
    const std::uint8_t bits = function->writable.at(offset + i);
    std::uint8_t& byte = function->bytes.at(offset + i);
    byte = static_cast<std::uint8_t>((byte & ~bits) | (value >> 8 * i & bits));
  }
}

// Mostly what leads somewhere.
std::uint32_t RandomConfig::do_read(Location, std::uint16_t offset, std::size_t bytes) {
  ++accesses;
  const auto any = static_cast<std::uint32_t>(random_());
  if (offset == registers::kHeaderType) return (any & 0x80) | any % 3;
  const std::uint32_t value = random_() % 4 == 0 ? any % 256 : any;
  return bytes == 4 ? value : value & ((1u << 8 * bytes) - 1);
}

}  // namespace atl::pci::test
