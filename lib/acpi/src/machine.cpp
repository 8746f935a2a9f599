// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/acpi.hpp>
#include <atoll/boot_info.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/vm.hpp>

#include "bytes.hpp"

namespace atoll::acpi {
namespace {

// The last piece that was looked at: a machine's tables lie side by side, and one
// is asked for its size before it is asked for whole.
struct Window {
  PhysRange range;
  VirtAddr at;
};
constinit Window window;

constinit Fixed the_fixed;
constinit bool fixed_known = false;

bool covers(PhysRange whole, PhysRange part) {
  return whole.contains(part.start) && part.size <= whole.end() - part.start;
}

// To the piece of RAM that holds all of `range`, else to what we map ourselves.
bool move_window(PhysRange range) {
  for (const MemoryRegion& region : boot_info().memory()) {
    if (region.kind != MemoryKind::kReserved && covers(region.range, range)) {
      window = {region.range, to_virtual(region.range.start)};
      return true;
    }
  }
  const PhysAddr first = range.start.align_down(kPageSize);
  const PageCount pages = PageCount::holding(range.end() - first);
  auto at = vm::reserve(pages);
  if (!at) return false;
  if (!vm::map(at.value(), first, pages, vm::Access::kReadOnly)) {
    vm::release(at.value(), pages);
    return false;
  }
  window = {{first, pages.bytes()}, at.value()};
  return true;
}

const std::byte* view(PhysAddr start, std::size_t size) {
  constexpr std::uint64_t kPhysicalLimit = std::uint64_t{1} << 52;  // SDM 3A §4.1.4
  if (start.value() >= kPhysicalLimit || size > kMaxTableSize) return nullptr;
  if (!covers(window.range, {start, size}) && !move_window({start, size})) return nullptr;
  return VirtAddr{window.at + (start - window.range.start)}.as<const std::byte>();
}

}  // namespace

Result<Bytes> table(Signature signature, std::size_t index) {
  return find_table(view, boot_info().acpi_rsdp, signature, index);
}

Result<const Fixed*> fixed() {
  if (!fixed_known) {
    TRY(parse_fixed(TRY(table(Signature{"FACP"})), the_fixed));
    fixed_known = true;
  }
  return &the_fixed;
}

Result<Bytes> map_unchecked(PhysAddr address) {
  const std::byte* const start = view(address, 8);
  if (start == nullptr) return fail(Errc::kBadAddress);
  const auto size = number_at<std::uint32_t>({start, 8}, 4);
  if (size < kHeaderSize) return fail(Errc::kBadMessage);
  const std::byte* const whole = view(address, size);
  if (whole == nullptr) return fail(Errc::kBadAddress);
  return Bytes{whole, size};
}

}  // namespace atoll::acpi
