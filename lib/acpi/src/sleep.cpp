// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "bytes.hpp"

namespace atl::acpi {
namespace {

// ACPI 6.5 §20.2, §20.3.
constexpr std::uint8_t kZeroOp = 0x00, kOneOp = 0x01, kNameOp = 0x08, kBytePrefix = 0x0a;
constexpr std::uint8_t kWordPrefix = 0x0b, kScopeOp = 0x10, kBufferOp = 0x11, kPackageOp = 0x12;
constexpr std::uint8_t kMethodOp = 0x14, kExtension = 0x5b, kRootChar = '\\', kIfOp = 0xa0;
constexpr std::uint8_t kFirstExtended = 0x81, kLastExtended = 0x87;  // Field .. BankField
constexpr std::uint32_t kName = Signature{"_S5_"}.value;

// A length and the bytes that encode it (§20.2.4): the two high bits of the
// first count those behind it; without them it is 6 bits, with them 4 and 8
// more a byte. It counts itself. 0 where it leads outside.
struct Length {
  std::size_t whole = 0;
  std::size_t encoding = 0;
};
Length length_at(Bytes aml, std::size_t at) {
  const std::uint8_t lead = byte_at(aml, at);
  const std::size_t more = lead >> 6;
  std::size_t length = more == 0 ? lead : lead & 0x0f;
  for (std::size_t i = 1; i <= more; ++i)
    length |= static_cast<std::size_t>(byte_at(aml, at + i)) << (8 * i - 4);
  if (at >= aml.size() || length > aml.size() - at || length <= more) return {};
  return {length, 1 + more};
}

// SLP_TYP is three bits, encoded as a small integer, `at` moved behind it; more
// than 7 where it is none. The high byte of a word is reserved (table 7.10).
std::uint8_t sleep_type(Bytes aml, std::size_t& at) {
  const std::uint8_t prefix = byte_at(aml, at);
  const std::size_t size = prefix == kBytePrefix ? 2 : prefix == kWordPrefix ? 3 : 1;
  if ((size == 1 && prefix != kZeroOp && prefix != kOneOp) || at + size > aml.size()) return 0xff;
  const std::uint8_t value = size == 1 ? prefix : byte_at(aml, at + 1);
  at += size;
  return value & 7;
}

// Name (_S5, Package () { a, b, ... }), or \_S5, whose NameOp is at `at`.
Result<SleepType> definition_at(Bytes aml, std::size_t at) {
  if (byte_at(aml, at) != kNameOp) return fail(Errc::kNoEntry);
  if (byte_at(aml, ++at) == kRootChar) ++at;
  if (number_at<std::uint32_t>(aml, at) != kName || byte_at(aml, at + 4) != kPackageOp)
    return fail(Errc::kNoEntry);
  at += 5;
  const Length length = length_at(aml, at);
  const Bytes package = aml.first(at + length.whole);
  at += length.encoding;
  const std::uint8_t elements = byte_at(package, at++);
  SleepType type;
  type.a = sleep_type(package, at);
  // Some firmware gives one element for both registers.
  type.b = elements > 1 ? sleep_type(package, at) : type.a;
  if (length.whole == 0 || elements == 0 || type.a > 7 || type.b > 7) return fail(Errc::kNoEntry);
  return type;
}

// From one object of the block to the next. What has a length and does not
// define names in the root is stepped over; anything else byte by byte, so that
// the walk may get out of step where numbers look like objects.
std::size_t next(Bytes aml, std::size_t at) {
  const std::uint8_t op = byte_at(aml, at);
  std::size_t body = at + 1;
  if (op == kExtension) {
    const std::uint8_t extended = byte_at(aml, body++);
    if (extended < kFirstExtended || extended > kLastExtended) return at + 1;
  } else if (op != kScopeOp && op != kBufferOp && op != kPackageOp && op != kMethodOp &&
             op != kIfOp) {
    return at + 1;
  }
  const Length length = length_at(aml, body);
  if (length.whole == 0) return at + 1;
  const std::size_t content = body + length.encoding;
  // The root's name is its character and nothing (§20.2.2).
  if (op == kScopeOp && byte_at(aml, content) == kRootChar && byte_at(aml, content + 1) == 0)
    return content + 2;
  return body + length.whole;
}

}  // namespace

Result<SleepType> find_s5(Bytes table) {
  // A walk over the objects takes a hundredth of a search in all bytes, which
  // is there for blocks that it does not understand.
  for (const bool by_object : {true, false}) {
    for (std::size_t at = kHeaderSize; at < table.size();
         at = by_object ? next(table, at) : at + 1) {
      if (auto found = definition_at(table, at)) return found;
    }
  }
  return fail(Errc::kNoEntry);
}

}  // namespace atl::acpi
