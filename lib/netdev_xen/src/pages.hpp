// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/buffer.hpp>
#include <atoll/result.hpp>
#include <atoll/types.hpp>
#include <atoll/xen/grants.hpp>
#include <cstddef>

namespace atl::netdev_xen {

/// The page that `address` is in, for backend `to`; errors of xen::grant().
Result<xen::GrantRef> lend(xen::DomainId to, DeviceAddr address, bool writable);

/// A page that is a ring: made here, and writable for the backend.
class RingPage {
 public:
  RingPage() = default;
  RingPage(const RingPage&) = delete;
  RingPage& operator=(const RingPage&) = delete;

  /// kNoMemory; errors of xen::grant().
  Result<void> create(xen::DomainId backend);
  /// False where the backend still uses it: then it stays.
  bool take_back();

  [[nodiscard]] std::byte* bytes() const;
  [[nodiscard]] xen::GrantRef ref() const { return ref_; }

 private:
  PhysAddr page_;  // 0: none
  xen::GrantRef ref_ = 0;
};

}  // namespace atl::netdev_xen
