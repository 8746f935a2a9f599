// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "eh_frame_header.hpp"

#include <cstring>

namespace atl::libcxx {
namespace {

// DWARF exception header encodings (LSB Core 5.0, §10.5.1).
constexpr unsigned kSignedFour = 0x0b;
constexpr unsigned kUnsignedFour = 0x03;
constexpr unsigned kSignedEight = 0x0c;
constexpr unsigned kUnsignedEight = 0x04;
constexpr unsigned kAbsolute = 0x00;
constexpr unsigned kFormat = 0x0f;
constexpr unsigned kRelativeToTable = 0x30;

constexpr std::size_t kTable = 12;  // behind four bytes of encodings, the place, the count
constexpr std::size_t kRow = 8;

template <typename Number>
Number read(const std::byte* from) {
  Number number;
  std::memcpy(&number, from, sizeof number);
  return number;
}

unsigned byte_at(const std::byte* from) { return std::to_integer<unsigned>(*from); }

/// The bytes that a value of this encoding takes; 0 for one that no compiler uses here.
std::size_t size_of(unsigned encoding) {
  switch (encoding & kFormat) {
    case kSignedFour:
    case kUnsignedFour:
      return 4;
    case kSignedEight:
    case kUnsignedEight:
    case kAbsolute:
      return 8;
    default:
      return 0;
  }
}

const std::byte* behind_number(const std::byte* leb128) {
  while ((byte_at(leb128) & 0x80) != 0) ++leb128;
  return leb128 + 1;
}

/// How the entries of the common information entry `common` encode addresses; 0xff where
/// that is not to be found out.
unsigned address_encoding(const std::byte* common) {
  constexpr unsigned kUnknown = 0xff;
  const std::byte* augmentation = common + 9;  // behind the length, the id, the version
  if (byte_at(augmentation) != 'z') return kUnknown;
  const auto* text = reinterpret_cast<const char*>(augmentation);
  const std::byte* at = augmentation + std::strlen(text) + 1;
  at = behind_number(at);  // code alignment
  at = behind_number(at);  // data alignment
  at = behind_number(at);  // the register with the return address: one byte in version 1
  at = behind_number(at);  // the length of what follows
  for (++text; *text != 0; ++text) {
    if (*text == 'R') return byte_at(at);
    if (*text == 'L') ++at;
    if (*text == 'P') at += 1 + size_of(byte_at(at));
  }
  return kUnknown;
}

/// How many bytes of code the entry is about.
std::uintptr_t length(const std::byte* description) {
  const std::byte* distance = description + 4;
  const unsigned encoding = address_encoding(distance - read<std::int32_t>(distance));
  switch (size_of(encoding)) {
    case 4:
      return read<std::uint32_t>(description + 8 + 4);
    case 8:
      return read<std::uint64_t>(description + 8 + 8);
    default:
      return 0;
  }
}

}  // namespace

Entry find_entry(const std::byte* header, std::uintptr_t pc) {
  constexpr Entry kNone{nullptr, 0};
  const bool is_known = byte_at(header) == 1 && byte_at(header + 2) == kUnsignedFour &&
                        byte_at(header + 3) == (kRelativeToTable | kSignedFour) &&
                        size_of(byte_at(header + 1)) == 4;
  if (!is_known) return kNone;

  const auto place = [header](const std::byte* word) { return header + read<std::int32_t>(word); };
  const auto begins_at = [header, place](std::size_t row) {
    return reinterpret_cast<std::uintptr_t>(place(header + kTable + row * kRow));
  };
  // The last row that does not begin behind pc is one of [first, end).
  std::size_t first = 0;
  std::size_t end = read<std::uint32_t>(header + 8);
  if (end == 0 || pc < begins_at(0)) return kNone;
  while (end - first > 1) {
    const std::size_t middle = first + (end - first) / 2;
    (pc < begins_at(middle) ? end : first) = middle;
  }
  const std::byte* description = place(header + kTable + first * kRow + 4);
  const std::uintptr_t function = begins_at(first);
  if (pc - function >= length(description)) return kNone;
  return {description, function};
}

}  // namespace atl::libcxx
