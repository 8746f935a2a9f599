// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/xen/abi.hpp>
#include <atoll/xen/pages.hpp>
#include <atoll/xen/time.hpp>
#include <atomic>

namespace atl::xen {

// xen/include/public/xen.h, wc_version: odd, or another one afterwards, while Xen writes.
Result<Nanoseconds> wall_clock_start() {
  const volatile shared_info* page = shared();
  if (page == nullptr) return fail(Errc::kNoDevice);
  for (;;) {
    const std::uint32_t version = page->wc_version;
    std::atomic_thread_fence(std::memory_order_acquire);
    const std::uint64_t seconds = std::uint64_t{page->wc_sec_hi} << 32 | page->wc_sec;
    const std::uint64_t rest = page->wc_nsec;
    std::atomic_thread_fence(std::memory_order_acquire);
    if ((version & 1) != 0 || page->wc_version != version) continue;
    if (seconds == 0) return fail(Errc::kNoData);
    return Nanoseconds{seconds * 1'000'000'000 + rest};
  }
}

}  // namespace atl::xen
