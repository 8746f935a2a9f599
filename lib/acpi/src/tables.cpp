// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>

#include "bytes.hpp"

namespace atoll::acpi {
namespace {

constexpr std::size_t kRsdpSize = 36;      // of revision 2; the first 20 bytes are revision 0's
constexpr std::size_t kOldRsdpSize = 20;
constexpr std::string_view kRsdpSignature = "RSD PTR ";

struct Root {
  Bytes table;
  std::size_t entry_size;   // RSDT 4, XSDT 8
};

Result<Root> find_root(View view, PhysAddr rsdp) {
  if (rsdp.value() == 0) return fail(Errc::kNoEntry);
  Bytes pointer = TRY(view({rsdp, kOldRsdpSize}));
  if (!has_signature(pointer, 0, kRsdpSignature) || !sums_to_zero(pointer.first(kOldRsdpSize)))
    return fail(Errc::kBadMessage);
  const bool extended = byte_at(pointer, 15) >= 2;
  if (extended) {
    pointer = TRY(view({rsdp, kRsdpSize}));
    if (number_at<std::uint32_t>(pointer, 20) != kRsdpSize ||
        !sums_to_zero(pointer.first(kRsdpSize)))
      return fail(Errc::kBadMessage);
    if (const PhysAddr xsdt{number_at<std::uint64_t>(pointer, 24)}; xsdt.value() != 0)
      return Root{TRY(read_table(view, xsdt, "XSDT")), 8};
  }
  return Root{TRY(read_table(view, PhysAddr{number_at<std::uint32_t>(pointer, 16)}, "RSDT")), 4};
}

}  // namespace

bool sums_to_zero(Bytes bytes) {
  // Eight bytes at a time, in lanes of 16 bits: the sum of two bytes a step
  // cannot overflow a lane within 128 steps.
  constexpr std::uint64_t kLow = 0x00ff00ff00ff00ff;
  std::uint64_t sum = 0;
  const std::byte* at = bytes.data();
  std::size_t left = bytes.size();
  while (left >= 8) {
    const std::size_t steps = std::min<std::size_t>(left / 8, 128);
    std::uint64_t lanes = 0;
    for (const std::byte* end = at + steps * 8; at != end; at += 8) {
      std::uint64_t word;
      std::memcpy(&word, at, 8);
      lanes += (word & kLow) + ((word >> 8) & kLow);
    }
    left -= steps * 8;
    sum += lanes + (lanes >> 16) + (lanes >> 32) + (lanes >> 48);
  }
  for (; left != 0; --left, ++at) sum += static_cast<std::uint8_t>(*at);
  return (sum & 0xff) == 0;
}

Result<Bytes> read_table(View view, PhysAddr address, std::string_view signature) {
  if (address.value() == 0) return fail(Errc::kNoEntry);
  const Bytes start = TRY(view({address, 8}));
  const std::uint32_t size = number_at<std::uint32_t>(start, 4);
  if (!has_signature(start, 0, signature) || size < kHeaderSize || size > kMaxTableSize)
    return fail(Errc::kBadMessage);
  const Bytes table = TRY(view({address, size}));
  if (!sums_to_zero(table.first(size))) return fail(Errc::kBadMessage);
  return table.first(size);
}

Result<Bytes> find_table(View view, PhysAddr rsdp, std::string_view signature, std::size_t index) {
  const Root root = TRY(find_root(view, rsdp));
  for (std::size_t at = kHeaderSize; at + root.entry_size <= root.table.size();
       at += root.entry_size) {
    const PhysAddr address{root.entry_size == 8 ? number_at<std::uint64_t>(root.table, at)
                                                : number_at<std::uint32_t>(root.table, at)};
    if (address.value() == 0) continue;
    auto start = view({address, 8});
    // One entry that cannot be seen does not hide the others.
    if (!start || !has_signature(start.value(), 0, signature)) continue;
    if (index-- == 0) return read_table(view, address, signature);
  }
  return fail(Errc::kNoEntry);
}

}  // namespace atoll::acpi
