// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "pages.hpp"

#include <atoll/direct_map.hpp>
#include <atoll/page_alloc.hpp>

namespace atl::netdev_xen {

Result<xen::GrantRef> lend(xen::DomainId to, DeviceAddr address, bool writable) {
  return xen::grant(to, PhysAddr{address.align_down(kPageSize).value()}, writable);
}

Result<void> RingPage::create(xen::DomainId backend) {
  const PhysAddr page = TRY(page_alloc::allocate(PageCount{1}));
  const auto ref = xen::grant(backend, page, true);
  if (!ref.ok()) {
    page_alloc::free(page, PageCount{1});
    return fail(ref.error());
  }
  page_ = page;
  ref_ = ref.value();
  return {};
}

bool RingPage::take_back() {
  if (page_ == PhysAddr{}) return true;
  if (!xen::revoke(ref_).ok()) return false;
  page_alloc::free(page_, PageCount{1});
  page_ = {};
  return true;
}

std::byte* RingPage::bytes() const { return to_virtual(page_).as<std::byte>(); }

}  // namespace atl::netdev_xen
