// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "bytes.hpp"

namespace atl::acpi {
namespace {

template <typename T>
T load(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return value;
}

// Root system description pointer, §5.2.5.3; that of revision 0 ends after 20
// bytes.
constexpr std::size_t kOldPointerSize = 20, kPointerSize = 36;
constexpr std::size_t kRevision = 15, kRsdt = 16, kLength = 20, kXsdt = 24;
constexpr std::uint64_t kPointerSignature = 0x2052'5450'2044'5352;  // "RSD PTR "

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

namespace {

// Of whatever name.
Result<Bytes> read_any_table(View view, PhysAddr address) {
  if (address.value() == 0) return fail(Errc::kNoEntry);
  const std::byte* const start = view(address, 8);
  if (start == nullptr) return fail(Errc::kBadAddress);
  const auto size = load<std::uint32_t>(start + 4);
  if (size < kHeaderSize || size > kMaxTableSize) return fail(Errc::kBadMessage);
  const std::byte* const whole = view(address, size);
  if (whole == nullptr) return fail(Errc::kBadAddress);
  const Bytes table{whole, size};
  if (!sums_to_zero(table)) return fail(Errc::kBadMessage);
  return table;
}

}  // namespace

Result<Bytes> read_table(View view, PhysAddr address, Signature signature) {
  const Bytes table = TRY(read_any_table(view, address));
  if (load<std::uint32_t>(table.data()) != signature.value) return fail(Errc::kBadMessage);
  return table;
}

Result<Root> find_root(View view, PhysAddr rsdp) {
  if (rsdp.value() == 0) return fail(Errc::kNoEntry);
  const std::byte* pointer = view(rsdp, kOldPointerSize);
  if (pointer == nullptr) return fail(Errc::kBadAddress);
  if (load<std::uint64_t>(pointer) != kPointerSignature ||
      !sums_to_zero({pointer, kOldPointerSize}))
    return fail(Errc::kBadMessage);
  std::uint64_t root = load<std::uint32_t>(pointer + kRsdt);
  std::size_t entry_size = 4;
  if (std::to_integer<unsigned>(pointer[kRevision]) >= 2) {
    pointer = view(rsdp, kPointerSize);
    if (pointer == nullptr) return fail(Errc::kBadAddress);
    if (load<std::uint32_t>(pointer + kLength) != kPointerSize ||
        !sums_to_zero({pointer, kPointerSize}))
      return fail(Errc::kBadMessage);
    if (const auto wide = load<std::uint64_t>(pointer + kXsdt); wide != 0) {
      root = wide;
      entry_size = 8;
    }
  }
  // Which of the two it is, the pointer says. Xen gives its first domain an XSDT without
  // the name where the machine has an RSDT only.
  return Root{TRY(read_any_table(view, PhysAddr{root})), entry_size};
}

Result<Bytes> find_table(View view, const Root& root, Signature signature, std::size_t index) {
  for (std::size_t at = kHeaderSize; at + root.entry_size <= root.table.size();
       at += root.entry_size) {
    const std::byte* const entry = root.table.data() + at;
    const PhysAddr address{root.entry_size == 8 ? load<std::uint64_t>(entry)
                                                : load<std::uint32_t>(entry)};
    // One entry that leads nowhere does not hide the others.
    const std::byte* const start = address.value() == 0 ? nullptr : view(address, 8);
    if (start == nullptr || load<std::uint32_t>(start) != signature.value) continue;
    if (index-- == 0) return read_table(view, address, signature);
  }
  return fail(Errc::kNoEntry);
}

}  // namespace atl::acpi
