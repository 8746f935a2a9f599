// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/xen/abi.hpp>
#include <atoll/xen/hypercall.hpp>
#include <atoll/xen_upcall.hpp>

namespace atl::xen {

namespace {

// Among the vectors of the highest priority but one (Intel SDM 3A §11.8.3).
constexpr std::uint32_t kVector = 0xe0;

}  // namespace

Result<void> connect_upcall(irq::Handler handler) {
  TRY(irq::root().connect(kVector, irq::Trigger::kEdgeRising, handler, nullptr));
  irq::root().unmask(kVector);
  return open_upcall();
}

Result<void> open_upcall() {
  xen_hvm_evtchn_upcall_vector wanted{};
  wanted.vcpu = arch::Cpu::cpu_local().index;
  wanted.vector = kVector;
  TRY(hypercall(__HYPERVISOR_hvm_op, HVMOP_set_evtchn_upcall_vector, wanted));
  return {};
}

}  // namespace atl::xen
