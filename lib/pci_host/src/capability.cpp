// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/pci_config.hpp>

namespace atl::pci {

Result<std::uint8_t> find_capability(ConfigSpace& config, Location at, std::uint8_t id,
                                     unsigned index) {
  constexpr std::uint16_t kHasList = 1u << 4;
  constexpr std::uint8_t kFirst = 0x40, kPointerMask = 0xfc;
  constexpr int kMost = (0x100 - kFirst) / 4;
  if ((config.read<std::uint16_t>(at, registers::kStatus) & kHasList) == 0)
    return fail(Errc::kNoEntry);
  std::uint8_t offset = config.read<std::uint8_t>(at, registers::kCapabilities) & kPointerMask;
  for (int looks = 0; looks < kMost; ++looks) {
    if (offset == 0) return fail(Errc::kNoEntry);
    if (offset < kFirst) return fail(Errc::kBadMessage);
    const auto header = config.read<std::uint16_t>(at, offset);
    if ((header & 0xff) == id && index-- == 0) return offset;
    offset = static_cast<std::uint8_t>(header >> 8) & kPointerMask;
  }
  return fail(offset == 0 ? Errc::kNoEntry : Errc::kBadMessage);
}

}  // namespace atl::pci
