// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <cstdint>
#include <string_view>

namespace atl::power {

/// "0x501" or "1281" as an I/O port. kInvalidArgument.
constexpr Result<std::uint16_t> port_number(std::string_view text) {
  std::uint32_t base = 10;
  if (text.size() > 2 && text[0] == '0' && (text[1] | 0x20) == 'x') {
    base = 16;
    text.remove_prefix(2);
  }
  std::uint32_t port = 0;
  for (const char character : text) {
    const char lower = static_cast<char>(character | 0x20);
    std::uint32_t digit = base;
    if (character >= '0' && character <= '9') digit = static_cast<std::uint32_t>(character - '0');
    if (lower >= 'a' && lower <= 'f') digit = static_cast<std::uint32_t>(lower - 'a') + 10;
    if (digit >= base) return fail(Errc::kInvalidArgument);
    port = port * base + digit;
    if (port > 0xffff) return fail(Errc::kInvalidArgument);
  }
  if (text.empty()) return fail(Errc::kInvalidArgument);
  return static_cast<std::uint16_t>(port);
}

}  // namespace atl::power
