// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/boot_info.hpp>
#include <atoll/types.hpp>

namespace atl::boot_pvh {

/// Pages for the entry, from one end of the largest piece of usable memory that
/// it reaches, and the pages of zeros that came with the image. The memory map stays as it is.
class BootPages {
 public:
  /// `limit`: the end of what the entry reaches; `zeros`: pages of zeros, to be
  /// handed out first.
  BootPages(const BootInfo& info, PhysAddr limit, PhysRange zeros);

  /// `pages` contiguous ones, contents undefined; address 0 when there are not
  /// that many.
  PhysAddr take(PageCount pages);
  /// One page of zeros; address 0 when there is none.
  PhysAddr take_zeroed();

  /// What was taken of usable memory.
  [[nodiscard]] PhysRange taken() const { return {start_, next_ - start_}; }

 private:
  PhysRange zeros_;
  PhysAddr start_;
  PhysAddr next_;
  PhysAddr end_;
};

}  // namespace atl::boot_pvh
