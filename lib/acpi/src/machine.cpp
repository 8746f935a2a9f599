// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/acpi.hpp>
#include <atoll/boot_info.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/vm.hpp>

#include "bytes.hpp"

namespace atoll::acpi {
namespace {

// The last piece that was mapped: a machine's tables lie side by side, and one
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

Result<Bytes> bytes_at(VirtAddr at, std::uint64_t size) { return Bytes{at.as<const std::byte>(), size}; }

Result<Bytes> view(PhysRange range) {
  constexpr std::uint64_t kPhysicalLimit = std::uint64_t{1} << 52;  // SDM 3A §4.1.4
  if (range.start.value() >= kPhysicalLimit || range.size > kMaxTableSize)
    return fail(Errc::kBadMessage);
  for (const MemoryRegion& region : boot_info().memory()) {
    if (region.kind != MemoryKind::kReserved && covers(region.range, range))
      return bytes_at(to_virtual(range.start), range.size);
  }
  if (!covers(window.range, range)) {
    const PhysAddr first = range.start.align_down(kPageSize);
    const PageCount pages = PageCount::holding(range.end() - first);
    const VirtAddr at = TRY(vm::reserve(pages));
    if (auto done = vm::map(at, first, pages, vm::Access::kReadOnly); !done) {
      vm::release(at, pages);
      return fail(done.error());
    }
    window = {{first, pages.bytes()}, at};
  }
  return bytes_at(window.at + (range.start - window.range.start), range.size);
}

}  // namespace

Result<Bytes> table(std::string_view signature, std::size_t index) {
  return find_table(view, boot_info().acpi_rsdp, signature, index);
}

Result<const Fixed*> fixed() {
  if (!fixed_known) {
    the_fixed = TRY(parse_fixed(TRY(table("FACP"))));
    fixed_known = true;
  }
  return &the_fixed;
}

Result<Bytes> map_unchecked(PhysAddr address) {
  const Bytes start = TRY(view({address, 8}));
  const std::uint32_t size = number_at<std::uint32_t>(start, 4);
  if (size < kHeaderSize) return fail(Errc::kBadMessage);
  return view({address, size});
}

}  // namespace atoll::acpi
