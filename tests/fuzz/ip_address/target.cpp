// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// The text of an address or a prefix; the host's inet_pton() has the second opinion.
#include <arpa/inet.h>

#include <atoll/ip_address.hpp>
#include <charconv>
#include <cstring>
#include <optional>
#include <string>

#include "../expect.hpp"
#include "../input.hpp"

namespace {

std::optional<atl::IpAddress> second_opinion(std::string_view text) {
  // inet_pton() stops at a NUL, and reads RFC 4291 §2.2's third form, too.
  if (text.find('\0') != text.npos) return std::nullopt;
  atl::IpAddress address{.six = text.find(':') != text.npos};
  if (address.six && text.find('.') != text.npos) return std::nullopt;
  const int family = address.six ? AF_INET6 : AF_INET;
  if (inet_pton(family, std::string{text}.c_str(), address.bytes.data()) != 1) return std::nullopt;
  return address;
}

std::optional<unsigned> bits_of(std::string_view text) {
  unsigned bits = 0;
  const char* const end = text.data() + text.size();
  const auto [behind, error] = std::from_chars(text.data(), end, bits);
  if (error != std::errc{} || behind != end) return std::nullopt;
  return bits;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input{data, size};
  const std::string_view text = input.text();
  const auto whole = second_opinion(text);
  const auto address = atl::parse_ip(text);
  FUZZ_EXPECT(address.ok() == whole.has_value());
  if (whole) FUZZ_EXPECT(address.value() == *whole);

  const auto prefix = atl::parse_ip_prefix(text);
  const std::size_t slash = text.find('/');
  if (slash == text.npos) {
    FUZZ_EXPECT(prefix.ok() == whole.has_value());
    if (whole) FUZZ_EXPECT(prefix.value() == (atl::IpPrefix{*whole, whole->six ? 128u : 32u}));
    return 0;
  }
  const auto front = second_opinion(text.substr(0, slash));
  const auto bits = bits_of(text.substr(slash + 1));
  const bool good = front && bits && *bits <= (front->six ? 128u : 32u);
  FUZZ_EXPECT(prefix.ok() == good);
  if (good) FUZZ_EXPECT(prefix.value() == (atl::IpPrefix{*front, *bits}));
  return 0;
}
