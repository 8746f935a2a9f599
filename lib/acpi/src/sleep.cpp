// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "aml.hpp"

namespace atl::acpi {
namespace {

// ACPI 6.5 §20.2, §20.3.
constexpr std::uint8_t kZeroOp = 0x00, kOneOp = 0x01, kNameOp = 0x08, kBytePrefix = 0x0a;
constexpr std::uint8_t kWordPrefix = 0x0b, kPackageOp = 0x12;
constexpr std::uint32_t kName = Signature{"_S5_"}.value;

// SLP_TYP is three bits, encoded as a small integer, `at` moved behind it; more
// than 7 where it is none. The high byte of a word is reserved (table 7.10).
std::uint8_t sleep_type(Bytes block, std::size_t& at) {
  const std::uint8_t prefix = byte_at(block, at);
  const std::size_t size = prefix == kBytePrefix ? 2 : prefix == kWordPrefix ? 3 : 1;
  if ((size == 1 && prefix != kZeroOp && prefix != kOneOp) || at + size > block.size()) return 0xff;
  const std::uint8_t value = size == 1 ? prefix : byte_at(block, at + 1);
  at += size;
  return value & 7;
}

// Name (_S5, Package () { a, b, ... }), or \_S5, whose NameOp is at `at`.
Result<SleepType> definition_at(Bytes block, std::size_t at) {
  if (byte_at(block, at) != kNameOp) return fail(Errc::kNoEntry);
  if (byte_at(block, ++at) == aml::kRootChar) ++at;
  if (number_at<std::uint32_t>(block, at) != kName || byte_at(block, at + 4) != kPackageOp)
    return fail(Errc::kNoEntry);
  at += 5;
  const aml::Length length = aml::length_at(block, at);
  const Bytes package = block.first(at + length.whole);
  at += length.encoding;
  const std::uint8_t elements = byte_at(package, at++);
  SleepType type;
  type.a = sleep_type(package, at);
  // Some firmware gives one element for both registers.
  type.b = elements > 1 ? sleep_type(package, at) : type.a;
  if (length.whole == 0 || elements == 0 || type.a > 7 || type.b > 7) return fail(Errc::kNoEntry);
  return type;
}

}  // namespace

Result<SleepType> find_s5(Bytes table) {
  // A walk over the objects takes a hundredth of a search in all bytes, which
  // is there for blocks that it does not understand.
  for (const bool by_object : {true, false}) {
    for (std::size_t at = kHeaderSize; at < table.size();
         at = by_object ? aml::next_object(table, at) : at + 1) {
      if (auto found = definition_at(table, at)) return found;
    }
  }
  return fail(Errc::kNoEntry);
}

}  // namespace atl::acpi
