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

DeviceNodes::DeviceNodes(Bytes table) : table_(table), at_(kHeaderSize) {}

Result<DeviceNode> DeviceNodes::next(std::string_view beginning) {
  while (at_ < table_.size()) {
    const bool scope = byte_at(table_, at_) == aml::kScopeOp;
    const bool device =
        byte_at(table_, at_) == aml::kExtension && byte_at(table_, at_ + 1) == kDeviceOp;
    const std::size_t body = at_ + (scope ? 1 : 2);
    const aml::Length length = scope || device ? aml::length_at(table_, body) : aml::Length{};
    const std::size_t name = body + length.encoding;
    const std::size_t skipped = length.encoding + aml::kNameSize;
    if (length.whole <= skipped) {
      at_ = aml::next_object(table_, at_);
    } else if (scope) {
      // Behind _SB_, or \_SB_, or the root's name, which is its character and a zero.
      const bool absolute = byte_at(table_, name) == aml::kRootChar;
      const bool root = absolute && byte_at(table_, name + 1) == 0;
      at_ = name + (root ? 2 : aml::kNameSize + (absolute ? 1 : 0));
    } else {
      const Bytes content = table_.subspan(body + skipped, length.whole - skipped);
      at_ = body + length.whole;
      if (!begins_with(content, beginning)) continue;
      return DeviceNode{{reinterpret_cast<const char*>(table_.data() + name), aml::kNameSize},
                        content};
    }
  }
  return fail(Errc::kNoEntry);
}

}  // namespace atl::acpi
