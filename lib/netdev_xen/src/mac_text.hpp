// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/netdev.hpp>
#include <atoll/result.hpp>
#include <string_view>

namespace atl::netdev_xen {

/// The address that xenstore says as "00:16:3e:01:02:03". kProtocol for anything else, and for
/// the address of a group (IEEE 802 §8.2.2).
inline Result<MacAddress> parse_mac(std::string_view text) {
  MacAddress mac;
  if (text.size() != 3 * mac.bytes.size() - 1) return fail(Errc::kProtocol);
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char one = text[at];
    int digit = 0;
    if (at % 3 == 2) {
      if (one != ':') return fail(Errc::kProtocol);
      continue;
    }
    if (one >= '0' && one <= '9') {
      digit = one - '0';
    } else if ((one | 0x20) >= 'a' && (one | 0x20) <= 'f') {
      digit = (one | 0x20) - 'a' + 10;
    } else {
      return fail(Errc::kProtocol);
    }
    std::uint8_t& byte = mac.bytes[at / 3];
    byte = static_cast<std::uint8_t>(byte << 4 | digit);
  }
  constexpr unsigned kGroup = 1;
  if ((mac.bytes[0] & kGroup) != 0) return fail(Errc::kProtocol);
  return mac;
}

}  // namespace atl::netdev_xen
