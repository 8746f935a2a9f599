// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/ip_address.hpp>
#include <atoll/parse.hpp>

namespace atl {

namespace {

using Bytes = decltype(IpAddress::bytes);

/// The text up to `mark`, which is taken away with it; all of it where there is none.
std::string_view take_part(std::string_view& text, char mark) {
  const std::size_t end = text.find(mark);
  if (end == std::string_view::npos) {
    const std::string_view all = text;
    text = {};
    return all;
  }
  const std::string_view part{text.data(), end};
  text.remove_prefix(end + 1);
  return part;
}

bool is_decimal(std::string_view text) {
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return !text.empty();
}

bool parse_ipv4(std::string_view text, Bytes& address) {
  for (unsigned part = 0; part < 4; ++part) {
    const bool last = part == 3;
    if (!last && text.find('.') == std::string_view::npos) return false;
    const std::string_view digits = last ? text : take_part(text, '.');
    const auto value = parse_number(digits, 255);
    // No leading zeros: some read them as octal.
    if (!is_decimal(digits) || !value.ok() || (digits.size() > 1 && digits[0] == '0')) return false;
    address[part] = static_cast<std::byte>(value.value());
  }
  return true;
}

/// -1 for what is no group of one to four hexadecimal digits.
int parse_group(std::string_view digits) {
  if (digits.empty() || digits.size() > 4) return -1;
  int value = 0;
  for (const char c : digits) {
    const int lower = c | 0x20;
    if (c >= '0' && c <= '9') {
      value = value * 16 + (c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      value = value * 16 + (lower - 'a' + 10);
    } else {
      return -1;
    }
  }
  return value;
}

/// Groups with a colon between them: how many, at most eight; -1 where they are none.
int parse_groups(std::string_view text, Bytes& into) {
  int count = 0;
  while (!text.empty()) {
    const bool more = text.find(':') != std::string_view::npos;
    const int value = parse_group(take_part(text, ':'));
    if (value < 0 || count == 8 || (more && text.empty())) return -1;
    into[static_cast<unsigned>(2 * count)] = static_cast<std::byte>(value >> 8);
    into[static_cast<unsigned>(2 * count + 1)] = static_cast<std::byte>(value & 0xff);
    ++count;
  }
  return count;
}

bool parse_ipv6(std::string_view text, Bytes& address) {
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos) return parse_groups(text, address) == 8;
  Bytes behind{};
  const int before = parse_groups({text.data(), gap}, address);
  text.remove_prefix(gap + 2);
  const int after = parse_groups(text, behind);
  if (before < 0 || after < 0 || before + after > 7) return false;
  for (int i = 0; i < 2 * after; ++i) {
    address[static_cast<unsigned>(16 - 2 * after + i)] = behind[static_cast<unsigned>(i)];
  }
  return true;
}

}  // namespace

Result<IpAddress> parse_ip(std::string_view text) {
  IpAddress address{.six = text.find(':') != std::string_view::npos};
  if (address.six ? parse_ipv6(text, address.bytes) : parse_ipv4(text, address.bytes)) {
    return address;
  }
  return fail(Errc::kInvalidArgument);
}

Result<IpPrefix> parse_ip_prefix(std::string_view text) {
  const bool has_bits = text.find('/') != std::string_view::npos;
  IpPrefix prefix{.address = TRY(parse_ip(take_part(text, '/')))};
  prefix.bits = prefix.address.six ? 128 : 32;
  if (!has_bits) return prefix;
  const auto bits = parse_number(text, prefix.bits);
  if (!is_decimal(text) || !bits.ok()) return fail(Errc::kInvalidArgument);
  prefix.bits = static_cast<unsigned>(bits.value());
  return prefix;
}

}  // namespace atl
