// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "page_window.hpp"

#include <atoll/vm.hpp>

namespace atl::virtio_mmio {

Result<VirtAddr> PageWindow::show(PhysRange registers) {
  const PhysAddr last = registers.start + (registers.size - 1);
  if (!pages_.contains(registers.start) || !pages_.contains(last)) {
    if (!pages_.empty() && !kept_) vm::release(start_, PageCount::holding(pages_.size));
    pages_ = {};
    const PhysAddr start = registers.start.align_down(kPageSize);
    const PhysRange pages{start, PageCount::holding(last - start + 1).bytes()};
    start_ = TRY(vm::map_device(pages));
    pages_ = pages;
    kept_ = false;
  }
  return VirtAddr{start_ + (registers.start - pages_.start)};
}

}  // namespace atl::virtio_mmio
