// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/xen/abi.hpp>
#include <atoll/xen/hypercall.hpp>

// hypercall_x86_64.S, hypercall_arm64.S.
extern "C" std::int64_t atoll_xen_hypercall(std::uint64_t a, std::uint64_t b, std::uint64_t c,
                                            std::uint64_t d, std::uint32_t number);

namespace atl::xen {

Result<std::uint64_t> hypercall(std::uint32_t number, std::uint64_t a, std::uint64_t b,
                                std::uint64_t c, std::uint64_t d) {
  constexpr std::int64_t kLargestError = 4095;
  const std::int64_t answer = atoll_xen_hypercall(a, b, c, d, number);
  if (answer < 0 && answer >= -kLargestError) return fail(static_cast<Errc>(-answer));
  return static_cast<std::uint64_t>(answer);
}

Result<std::uint64_t> parameter(std::uint32_t index) {
  xen_hvm_param asked{};
  asked.domid = DOMID_SELF;
  asked.index = index;
  TRY(hypercall(__HYPERVISOR_hvm_op, HVMOP_get_param, asked));
  return asked.value;
}

Result<std::uint64_t> write_console(std::string_view text) {
  return hypercall(__HYPERVISOR_console_io, CONSOLEIO_write, text.size(),
                   reinterpret_cast<std::uintptr_t>(text.data()));
}

void end_domain(std::uint32_t reason) {
  sched_shutdown argument{.reason = reason};
  (void)hypercall(__HYPERVISOR_sched_op, SCHEDOP_shutdown, argument);
}

}  // namespace atl::xen
