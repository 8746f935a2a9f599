// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Eight bytes of the largest number, then the text.
#include <atoll/parse.hpp>

#include <cctype>

#include "../expect.hpp"
#include "../input.hpp"

namespace {

__extension__ using Wide = unsigned __int128;
constexpr Wide kTooLarge = Wide{1} << 64;

// The same by the words of the contract: 2^64 for what is larger, or -1 for no number.
Wide naive(std::string_view text) {
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  if (hex && text.size() > 2) text.remove_prefix(2);
  const unsigned base = hex ? 16 : 10;
  if (text.empty()) return ~Wide{0};
  Wide value = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (base == 16 ? std::isxdigit(byte) == 0 : std::isdigit(byte) == 0) return ~Wide{0};
    const int digit = std::isdigit(byte) != 0 ? c - '0' : std::tolower(byte) - 'a' + 10;
    value = value * base + static_cast<unsigned>(digit);
    if (value > kTooLarge) value = kTooLarge;
  }
  return value;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input{data, size};
  const auto largest = input.take<std::uint64_t>();
  const auto number = atl::parse_number(input.text(), largest);
  const Wide expected = naive(input.text());
  if (expected == ~Wide{0}) {
    FUZZ_EXPECT(number.error() == atl::Errc::kInvalidArgument);
  } else if (expected > largest) {
    FUZZ_EXPECT(number.error() == atl::Errc::kOutOfRange);
  } else {
    FUZZ_EXPECT(number.ok() && number.value() == expected);
  }
  return 0;
}
