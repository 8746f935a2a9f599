// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "bytes.hpp"

namespace atoll::acpi {
namespace {

// ACPI 6.5 §20.2.3 and §20.2.5.
constexpr std::uint8_t kNameOp = 0x08, kZeroOp = 0x00, kOneOp = 0x01, kBytePrefix = 0x0a;
constexpr std::uint8_t kWordPrefix = 0x0b, kPackageOp = 0x12, kRootChar = '\\';
constexpr std::string_view kName = "_S5_";

// A small integer at `at`, moved behind it; the types that a SLP_TYP, three
// bits, can have been encoded as.
Result<std::uint8_t> small_integer(Bytes aml, std::size_t& at) {
  if (at >= aml.size()) return fail(Errc::kBadMessage);
  const std::uint8_t prefix = byte_at(aml, at++);
  if (prefix == kZeroOp || prefix == kOneOp) return prefix;
  const std::size_t size = prefix == kBytePrefix ? 1 : prefix == kWordPrefix ? 2 : 0;
  if (size == 0 || aml.size() - at < size) return fail(Errc::kBadMessage);
  const std::uint8_t value = byte_at(aml, at);
  at += size;
  // The low byte's three bits; the high byte of a word is reserved (table 7.10).
  return static_cast<std::uint8_t>(value & 7);
}

// Name(_S5, Package() { a, b, ... }) with its name at `name`.
Result<SleepType> package_at(Bytes aml, std::size_t name) {
  const bool named = name >= 1 && (byte_at(aml, name - 1) == kNameOp ||
                                   (name >= 2 && byte_at(aml, name - 1) == kRootChar &&
                                    byte_at(aml, name - 2) == kNameOp));
  std::size_t at = name + kName.size();
  if (!named || at + 2 > aml.size() || byte_at(aml, at) != kPackageOp)
    return fail(Errc::kNoEntry);
  ++at;
  // §20.2.4: the two high bits of a length's first byte count the bytes behind
  // it; without them it is 6 bits, with them 4 bits and 8 a byte.
  const std::uint8_t lead = byte_at(aml, at);
  const std::size_t more = lead >> 6;
  std::size_t length = more == 0 ? lead & 0x3f : lead & 0x0f;
  for (std::size_t i = 1; i <= more; ++i)
    length |= static_cast<std::size_t>(byte_at(aml, at + i)) << (8 * i - 4);
  if (length > aml.size() - at || length < more + 2) return fail(Errc::kBadMessage);
  const Bytes package = aml.first(at + length);
  at += 1 + more;
  const std::uint8_t elements = byte_at(package, at++);
  if (elements == 0) return fail(Errc::kBadMessage);
  SleepType type;
  type.a = TRY(small_integer(package, at));
  // Some firmware gives one element for both registers.
  type.b = elements > 1 ? TRY(small_integer(package, at)) : type.a;
  return type;
}

}  // namespace

Result<SleepType> find_s5(Bytes table) {
  if (table.size() < kHeaderSize) return fail(Errc::kBadMessage);
  // The end of the name moves along; what stands there says how far the next
  // possible end is at least.
  for (std::size_t last = kHeaderSize + 3; last < table.size();) {
    switch (byte_at(table, last)) {
      case '_':
        if (has_signature(table, last - 3, kName)) {
          if (auto found = package_at(table, last - 3)) return found;
        }
        last += 3;
        break;
      case '5': last += 1; break;
      case 'S': last += 2; break;
      default: last += 4; break;
    }
  }
  return fail(Errc::kNoEntry);
}

}  // namespace atoll::acpi
