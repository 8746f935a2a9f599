// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/pci.hpp>
#include <atoll/vm.hpp>

namespace atl::pci {

Result<std::uint8_t> Device::find_capability(std::uint8_t id, unsigned index) const {
  return pci::find_capability(*host_->config, at_, id, index);
}

Result<Bar> Device::bar(unsigned index) const {
  if (index >= kDeviceBars) return fail(Errc::kInvalidArgument);
  for (unsigned lower = 0; lower < index; ++lower) {
    if (is_wide_bar(*host_->config, at_, lower) && ++lower == index) return fail(Errc::kNoEntry);
  }
  const BaseAddress found = TRY(read_bar(*host_->config, at_, index, kDeviceBars));
  if (found.size == 0) return fail(Errc::kNoEntry);
  if (found.address == 0) return fail(Errc::kNotSupported);
  const Bar bar{found.is_port, found.prefetchable, {PhysAddr{found.address}, found.size}};
  if (!bar.range.start.is_aligned(found.size) || bar.range.end() < bar.range.start)
    return fail(Errc::kBadMessage);
  if (bar.is_port && !host_->has_ports) return fail(Errc::kNotSupported);
  bool reachable = bar.is_port || (host_->windows[0].empty() && host_->windows[1].empty());
  for (const PhysRange window : host_->windows) {
    reachable = reachable || (window.contains(bar.range.start) &&
                              bar.range.size <= window.end() - bar.range.start);
  }
  if (!reachable) return fail(Errc::kNotSupported);
  return bar;
}

Result<Mmio> Device::map(unsigned index, std::uint64_t offset, std::uint64_t size) const {
  const Bar whole = TRY(bar(index));
  if (whole.is_port) return fail(Errc::kNotSupported);
  if (offset > whole.range.size || size > whole.range.size - offset) return fail(Errc::kOutOfRange);
  return Mmio{TRY(vm::map_device({whole.range.start + offset, size}))};
}

void Device::enable(std::uint16_t bits) const {
  host_->config->change(at_, registers::kCommand, 0, bits);
}

void Device::disable(std::uint16_t bits) const {
  host_->config->change(at_, registers::kCommand, bits, 0);
}

}  // namespace atl::pci
