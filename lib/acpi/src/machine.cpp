// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/acpi.hpp>
#include <atoll/boot_info.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/vm.hpp>

#include "bytes.hpp"

namespace atl::acpi {
namespace {

// Pieces of memory that were looked at: a machine's tables lie side by side, and
// are come back to.
struct Window {
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  VirtAddr at;
};
constinit std::array<Window, 4> windows;
constinit std::size_t oldest = 0;

// Tables seldom cross such a block, and the BIOS's area (ACPI 6.5 §5.2.5.1) is one.
constexpr std::uint64_t kBlock = 128 * 1024;

constinit Root root;
constinit Fixed the_fixed;
constinit bool fixed_known = false;

// A window onto the piece of RAM that holds all of [start, end), else onto what
// we map ourselves. Null without memory for that.
const Window* open_window(std::uint64_t start, std::uint64_t end) {
  Window found;
  for (const MemoryRegion& region : boot_info().memory()) {
    if (region.kind != MemoryKind::kReserved && region.range.start.value() <= start &&
        end <= region.range.end().value())
      found = {region.range.start.value(), region.range.end().value(),
               to_virtual(region.range.start)};
  }
  if (found.end == 0) {
    found = {start & ~(kBlock - 1), (end + kBlock - 1) & ~(kBlock - 1), {}};
    const auto pages = PageCount::holding(found.end - found.start);
    auto at = vm::reserve(pages);
    if (!at) return nullptr;
    if (!vm::map(at.value(), PhysAddr{found.start}, pages, vm::Access::kReadOnly)) {
      vm::release(at.value(), pages);
      return nullptr;
    }
    found.at = at.value();
  }
  Window& replaced = windows[oldest];
  oldest = (oldest + 1) % windows.size();
  replaced = found;
  return &replaced;
}

const std::byte* view(PhysAddr address, std::size_t size) {
  constexpr std::uint64_t kPhysicalLimit = std::uint64_t{1} << 51;
  if (address.value() >= kPhysicalLimit || size > kMaxTableSize) return nullptr;
  const std::uint64_t start = address.value();
  const std::uint64_t end = start + size;
  const Window* found = nullptr;
  for (const Window& window : windows) {
    if (window.start <= start && end <= window.end) {
      found = &window;
      break;
    }
  }
  if (found == nullptr) found = open_window(start, end);
  if (found == nullptr) return nullptr;
  return VirtAddr{found->at + (start - found->start)}.as<const std::byte>();
}

}  // namespace

Result<Bytes> table(Signature signature, std::size_t index) {
  if (root.entry_size == 0) root = TRY(find_root(view, boot_info().acpi_rsdp));
  return find_table(view, root, signature, index);
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

}  // namespace atl::acpi
