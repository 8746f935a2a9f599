// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/boot_pvh/entry.hpp>
#include <atoll/boot_pvh/failure.hpp>
#include <atoll/xen/abi.hpp>
#include <atoll/xen/byte_ring.hpp>
#include <atoll/xen/hypercall.hpp>

namespace atl {

namespace {

/// The console's ring, where the entry reaches it and the domain has one.
xencons_interface* console_ring() {
  const std::uint64_t page = xen::parameter(HVM_PARAM_CONSOLE_PFN).value_or(0) << kPageShift;
  const bool reached = page != 0 && page <= boot_pvh::window_limit() - kPageSize;
  return reached ? VirtAddr{page}.as<xencons_interface>() : nullptr;
}

}  // namespace

// Each byte for itself: this happens at most once, and keeps nothing.
void boot_pvh::put_failure(char c) {
  if (!xen::detect()) return;
  xencons_interface* ring = console_ring();
  if (ring == nullptr) {
    (void)xen::write_console({&c, 1});
    return;
  }
  xen::ByteProducer output{{ring->out, &ring->out_cons, &ring->out_prod}};
  (void)output.put({&c, 1});
}

void boot_pvh::stop_failed() {
  if (xen::detect()) xen::end_domain(SHUTDOWN_crash);
}

}  // namespace atl
