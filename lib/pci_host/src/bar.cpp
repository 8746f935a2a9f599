// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/pci_bar.hpp>
#include <bit>

namespace atl::pci {
namespace {

constexpr std::uint32_t kPort = 1, kTypeMask = 0x7, kNarrow = 0, kWide = 4, kPrefetchable = 8;

constexpr std::uint16_t offset_of(unsigned index) {
  return static_cast<std::uint16_t>(registers::kBars + 4 * index);
}

/// Reads one register twice: what it holds, and which bits of it can be written.
struct Probed {
  Probed(ConfigSpace& config, Location at, unsigned index)
      : value(config.read<std::uint32_t>(at, offset_of(index))) {
    config.write<std::uint32_t>(at, offset_of(index), ~0u);
    mask = config.read<std::uint32_t>(at, offset_of(index));
    config.write<std::uint32_t>(at, offset_of(index), value);
  }
  std::uint32_t value;
  std::uint32_t mask;
};

}  // namespace

bool is_wide_bar(ConfigSpace& config, Location at, unsigned index) {
  return (config.read<std::uint32_t>(at, offset_of(index)) & kTypeMask) == kWide;
}

Result<BaseAddress> read_bar(ConfigSpace& config, Location at, unsigned index, unsigned count) {
  constexpr std::uint64_t kUpperOnes = 0xffff'ffff'0000'0000;
  const auto command = config.read<std::uint16_t>(at, registers::kCommand);
  config.change(at, registers::kCommand, kPorts | kMemory, 0);
  const Probed low{config, at, index};

  BaseAddress bar{.is_port = (low.value & kPort) != 0};
  const std::uint32_t type = low.value & kTypeMask;
  bar.is_wide = !bar.is_port && type == kWide;
  bar.prefetchable = !bar.is_port && (low.value & kPrefetchable) != 0;
  const bool possible = bar.is_port || type == kNarrow || (bar.is_wide && index + 1 < count);
  const std::uint32_t flags = bar.is_port ? 0x3 : 0xf;
  bar.address = low.value & ~flags;
  std::uint64_t mask = low.mask & ~flags;
  // Ports may have 16 bits.
  if (bar.is_port && mask != 0) mask |= 0xffff'0000;
  if (mask != 0) mask |= kUpperOnes;
  if (possible && bar.is_wide) {
    const Probed high{config, at, index + 1};
    bar.address |= std::uint64_t{high.value} << 32;
    mask = (low.mask & ~flags) | std::uint64_t{high.mask} << 32;
  }
  config.change(at, registers::kCommand, 0, command & (kPorts | kMemory));

  if (!possible) return fail(Errc::kBadMessage);
  // The bits that can be written are all those above the size.
  bar.size = ~mask + 1;
  if (bar.size != 0 && !std::has_single_bit(bar.size)) return fail(Errc::kBadMessage);
  return bar;
}

void write_bar(ConfigSpace& config, Location at, unsigned index, const BaseAddress& bar,
               std::uint64_t address) {
  config.write(at, offset_of(index), static_cast<std::uint32_t>(address));
  if (bar.is_wide)
    config.write(at, offset_of(index + 1), static_cast<std::uint32_t>(address >> 32));
}

}  // namespace atl::pci
