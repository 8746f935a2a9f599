// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/xen/pages.hpp>
#include <atoll/xen/time.hpp>
#include <atomic>

namespace atl::xen {

// xen/include/public/xen.h, wc_version: odd, or another one afterwards, while Xen writes.
Result<Nanoseconds> wall_clock_start() {
  const volatile SharedPage* page = shared();
  if (page == nullptr) return fail(Errc::kNoDevice);
  for (;;) {
    const std::uint32_t version = page->wall_version;
    std::atomic_thread_fence(std::memory_order_acquire);
    const std::uint64_t seconds = std::uint64_t{page->wall_seconds_high} << 32 | page->wall_seconds;
    const std::uint64_t rest = page->wall_nanoseconds;
    std::atomic_thread_fence(std::memory_order_acquire);
    if ((version & 1) != 0 || page->wall_version != version) continue;
    if (seconds == 0) return fail(Errc::kNoData);
    return Nanoseconds{seconds * 1'000'000'000 + rest};
  }
}

}  // namespace atl::xen
