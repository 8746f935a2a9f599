// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "place.hpp"

#include <atoll/parse.hpp>

namespace atl::virtio_mmio {
namespace {

constexpr std::uint64_t kMostLines = 0xffff'ffff;

// As Linux's memparse(): a suffix counts by 1,024.
Result<std::uint64_t> parse_bytes(std::string_view text) {
  constexpr std::string_view kSuffixes = "kKmMgG";
  const std::size_t kind = text.empty() ? kSuffixes.npos : kSuffixes.find(text.back());
  if (kind == kSuffixes.npos) return parse_number(text);
  const std::size_t shift = 10 * (kind / 2 + 1);
  text.remove_suffix(1);
  return TRY(parse_number(text, ~std::uint64_t{0} >> shift)) << shift;
}

// The part of `text` before `separator`, or all of it; `text` is what is behind it.
std::string_view cut(std::string_view& text, char separator) {
  const std::size_t at = text.find(separator);
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(at == text.npos ? text.size() : at + 1);
  return part;
}

}  // namespace

Result<Place> parse_place(std::string_view text) {
  Place place;
  place.registers.size = TRY(parse_bytes(cut(text, '@')));
  place.registers.start = PhysAddr{TRY(parse_bytes(cut(text, ':')))};
  const bool has_identifier = text.find(':') != text.npos;
  place.line = static_cast<std::uint32_t>(TRY(parse_number(cut(text, ':'), kMostLines)));
  if (has_identifier) TRY(parse_number(text, kMostLines));
  return place;
}

}  // namespace atl::virtio_mmio
