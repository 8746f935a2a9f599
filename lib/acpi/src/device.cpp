// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "aml.hpp"

namespace atl::acpi {
namespace {

constexpr std::uint8_t kDeviceOp = 0x82;

bool begins_with(Bytes bytes, std::string_view text) {
  return bytes.size() >= text.size() && std::memcmp(bytes.data(), text.data(), text.size()) == 0;
}

}  // namespace

Result<Bytes> find_device(Bytes table, std::string_view beginning) {
  for (std::size_t at = kHeaderSize; at < table.size();) {
    const bool scope = byte_at(table, at) == aml::kScopeOp;
    const bool device =
        byte_at(table, at) == aml::kExtension && byte_at(table, at + 1) == kDeviceOp;
    const std::size_t body = at + (scope ? 1 : 2);
    const aml::Length length = scope || device ? aml::length_at(table, body) : aml::Length{};
    const std::size_t skipped = length.encoding + aml::kNameSize;
    if (length.whole <= skipped) {
      at = aml::next_object(table, at);
    } else if (scope) {
      // Behind _SB_, or \_SB_, or the root's name, which is its character and a zero.
      const std::size_t name = body + length.encoding;
      const bool absolute = byte_at(table, name) == aml::kRootChar;
      const bool root = absolute && byte_at(table, name + 1) == 0;
      at = name + (root ? 2 : aml::kNameSize + (absolute ? 1 : 0));
    } else {
      const Bytes content = table.subspan(body + skipped, length.whole - skipped);
      if (begins_with(content, beginning)) return content;
      at = body + length.whole;
    }
  }
  return fail(Errc::kNoEntry);
}

}  // namespace atl::acpi
