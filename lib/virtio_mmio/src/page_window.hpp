// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <atoll/types.hpp>

namespace atl::virtio_mmio {

/// Shows registers by whole pages. What lies in the pages shown last is not mapped again, and
/// pages of which nothing was kept are given back. Boot steps.
class PageWindow {
 public:
  /// Where `registers` are seen, until the next call unless they are kept. Errors of
  /// vm::map_device().
  Result<VirtAddr> show(PhysRange registers);
  /// What has been shown last stays for as long as the image lives.
  void keep() { kept_ = true; }

 private:
  PhysRange pages_;
  VirtAddr start_;
  bool kept_ = false;
};

}  // namespace atl::virtio_mmio
