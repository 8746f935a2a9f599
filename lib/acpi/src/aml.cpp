// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "aml.hpp"

namespace atl::acpi::aml {
namespace {

// §20.3.
constexpr std::uint8_t kBufferOp = 0x11, kPackageOp = 0x12, kMethodOp = 0x14, kIfOp = 0xa0;
constexpr std::uint8_t kFirstExtended = 0x81, kLastExtended = 0x87;  // Field .. BankField

}  // namespace

Length length_at(Bytes block, std::size_t at) {
  const std::uint8_t lead = byte_at(block, at);
  const std::size_t more = lead >> 6;
  std::size_t length = more == 0 ? lead : lead & 0x0f;
  for (std::size_t i = 1; i <= more; ++i)
    length |= static_cast<std::size_t>(byte_at(block, at + i)) << (8 * i - 4);
  if (at >= block.size() || length > block.size() - at || length <= more) return {};
  return {length, 1 + more};
}

std::size_t next_object(Bytes block, std::size_t at) {
  const std::uint8_t op = byte_at(block, at);
  std::size_t body = at + 1;
  if (op == kExtension) {
    const std::uint8_t extended = byte_at(block, body++);
    if (extended < kFirstExtended || extended > kLastExtended) return at + 1;
  } else if (op != kScopeOp && op != kBufferOp && op != kPackageOp && op != kMethodOp &&
             op != kIfOp) {
    return at + 1;
  }
  const Length length = length_at(block, body);
  if (length.whole == 0) return at + 1;
  const std::size_t content = body + length.encoding;
  // The root's name is its character and nothing (§20.2.2).
  if (op == kScopeOp && byte_at(block, content) == kRootChar && byte_at(block, content + 1) == 0)
    return content + 2;
  return body + length.whole;
}

}  // namespace atl::acpi::aml
