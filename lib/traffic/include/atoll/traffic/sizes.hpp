// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <algorithm>
#include <array>
#include <atoll/result.hpp>
#include <cstdint>
#include <string_view>

namespace atl::traffic {

/// How long frames are, in bytes with the Ethernet header and without the checksum behind.
struct Sizes {
  std::uint32_t smallest = 64;
  std::uint32_t largest = 64;
  /// Of 12 packets 7 of 64 (`smallest`, where that is more), 4 of 590 and 1 of 1,514 bytes,
  /// instead of one of each size in turn.
  bool mixed = false;

  /// Of packet number `index`.
  [[nodiscard]] constexpr std::uint32_t of(std::uint64_t index) const {
    // What is called IMIX, spread out (RFC 6985 §1 has its history).
    constexpr std::array<std::uint16_t, 12> kMix{64, 590, 64, 64,   590, 64,
                                                 64, 590, 64, 1514, 64,  590};
    if (mixed) return std::max<std::uint32_t>(kMix[index % kMix.size()], smallest);
    if (smallest == largest) return smallest;
    return smallest + static_cast<std::uint32_t>(index % (largest - smallest + 1));
  }
};

/// "64", "64..1514" or "mix". kInvalidArgument; kOutOfRange for a size that no frame has. Any
/// context.
Result<Sizes> parse_sizes(std::string_view text);

}  // namespace atl::traffic
