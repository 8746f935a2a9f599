// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <array>
#include <atoll/arch.hpp>
#include <atoll/irq_handlers.hpp>
#include <atoll/log.hpp>
#include <atoll/xen/abi.hpp>
#include <atoll/xen/events.hpp>
#include <atoll/xen/hypercall.hpp>
#include <atoll/xen/pages.hpp>
#include <atoll/xen_upcall.hpp>

#include "pending.hpp"
#include "ports.hpp"

namespace atl {
namespace xen {
namespace {

constinit irq::HandlerTable handlers;
constinit bool usable = false;

// CPU indices are Xen's numbers of virtual CPUs.
PendingEvents pending(std::uint32_t cpu = 0) {
  SharedPage& page = *shared();
  return {page, page.cpus[cpu]};
}

// Xen's masks keep events from coming; the table's keep a handler from being called
// for one that was taken before.
class Ports final : public irq::Domain {
 public:
  constexpr Ports() = default;

 private:
  Result<void> do_connect(std::uint32_t line, irq::Trigger trigger, irq::Handler handler,
                          void* context) override {
    if (!usable) return fail(Errc::kNoDevice);
    if (line >= PendingEvents::kPorts || trigger != irq::Trigger::kEdgeRising ||
        handler == nullptr) {
      return fail(Errc::kInvalidArgument);
    }
    pending().mask(line);
    return handlers.add(line, handler, context);
  }
  void do_disconnect(std::uint32_t line) override {
    do_mask(line);
    handlers.remove(line);
  }
  void do_unmask(std::uint32_t line) override {
    if (!handlers.contains(line)) return;
    if (handlers.unmask(line)) pending().set(line);
    // Xen tells this CPU at once of an event that has been waiting.
    evtchn_unmask wanted{.port = line};
    (void)hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_unmask, wanted);
  }
  void do_mask(std::uint32_t line) override {
    if (!handlers.contains(line)) return;
    pending().mask(line);
    handlers.mask(line);
  }
};

constinit Ports ports;
// Of each CPU that can have events.
constinit std::array<std::uint32_t, std::min<std::size_t>(SharedPage::kCpus, kMaxCpus)>
    next_ports{};

void on_upcall(void*) {
  const std::uint32_t cpu = arch::Cpu::cpu_local().index;
  pending(cpu).take(
      next_ports[cpu], [cpu](std::uint32_t word) { return owners.of(cpu, word); },
      [](std::uint32_t port) {
        if (handlers.run(port)) return;
        pending().mask(port);
        irq::count_stray();
      });
}

}  // namespace

irq::Domain& events() { return ports; }

}  // namespace xen

// A domain without events runs all the same, and what needs them says so.
Result<void> xen_events_init() {
  if (xen::shared() == nullptr) {
    log::warning("xen_events", "this domain has no page shared with Xen, so no events");
    return {};
  }
  xen::pending().mask_all();
  const auto connected = xen::connect_upcall(xen::on_upcall);
  xen::usable = connected.ok();
  if (!connected.ok()) {
    log::error("xen_events", "Xen has no way to tell of events (error {})",
               static_cast<int>(connected.error()));
  }
  return {};
}

// A CPU without events runs all the same.
Result<void> xen_events_init_cpu() {
  if (!xen::usable || arch::Cpu::cpu_local().index >= xen::SharedPage::kCpus) return {};
  const auto opened = xen::open_upcall();
  return opened.error() == Errc::kNotSupported ? Result<void>{} : opened;
}

}  // namespace atl
