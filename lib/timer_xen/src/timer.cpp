// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/irq.hpp>
#include <atoll/timer.hpp>
#include <atoll/timer_provider.hpp>
#include <atoll/xen/abi.hpp>
#include <atoll/xen/events.hpp>
#include <atoll/xen/hypercall.hpp>
#include <atoll/xen/shared_page.hpp>
#include <atoll/xen/time.hpp>

namespace atl {
namespace {

void on_event(void*) { timer::expired(); }

Result<std::uint64_t> vcpu_operation(std::uint32_t command, void* argument) {
  return xen::hypercall(__HYPERVISOR_vcpu_op, command, arch::Cpu::cpu_local().index,
                        reinterpret_cast<std::uintptr_t>(argument));
}

}  // namespace

// A CPU without events would sleep for ever: it cannot run then.
Result<void> timer_xen_init_cpu() {
  if (arch::Cpu::cpu_local().index >= xen::SharedPage::kCpus) return fail(Errc::kNotSupported);
  // A domain starts with a timer that fires a hundred times a second.
  (void)vcpu_operation(VCPUOP_stop_periodic_timer, nullptr);
  const xen::Port port = TRY(xen::bind_virtual_interrupt(VIRQ_TIMER));
  TRY(xen::events().connect(port, irq::Trigger::kEdgeRising, on_event, nullptr));
  xen::events().unmask(port);
  return {};
}

Result<void> timer_xen_init() { return timer_xen_init_cpu(); }

namespace timer {

void program(Nanoseconds remaining) {
  // Xen's times are signed; lib/timer asks again when this one is too early.
  constexpr Nanoseconds kLongest{std::uint64_t{1} << 62};
  if (remaining > kLongest) remaining = kLongest;
  vcpu_set_singleshot_timer wanted{};
  wanted.timeout_abs_ns = (xen::system_time() + remaining).count;
  (void)vcpu_operation(VCPUOP_set_singleshot_timer, &wanted);
}

void cancel() { (void)vcpu_operation(VCPUOP_stop_singleshot_timer, nullptr); }

}  // namespace timer
}  // namespace atl
