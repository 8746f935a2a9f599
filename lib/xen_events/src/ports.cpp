// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/xen/abi.hpp>
#include <atoll/xen/events.hpp>
#include <atoll/xen/hypercall.hpp>

#include "ports.hpp"

namespace atl::xen {

constinit PortOwners owners;

namespace {

template <typename Argument>
Result<std::uint64_t> operation(std::uint32_t command, Argument& argument) {
  return hypercall(__HYPERVISOR_event_channel_op, command, argument);
}

}  // namespace

Result<Port> bind_virtual_interrupt(std::uint32_t number) {
  evtchn_bind_virq wanted{};
  wanted.virq = number;
  wanted.vcpu = arch::Cpu::cpu_local().index;
  TRY(operation(EVTCHNOP_bind_virq, wanted));
  owners.give(wanted.port, wanted.vcpu);
  return wanted.port;
}

Result<Port> open_port(DomainId other) {
  evtchn_alloc_unbound wanted{};
  wanted.dom = DOMID_SELF;
  wanted.remote_dom = other;
  TRY(operation(EVTCHNOP_alloc_unbound, wanted));
  return wanted.port;
}

Result<Port> connect_port(DomainId other, Port port) {
  evtchn_bind_interdomain wanted{};
  wanted.remote_dom = other;
  wanted.remote_port = port;
  TRY(operation(EVTCHNOP_bind_interdomain, wanted));
  return wanted.local_port;
}

Result<void> close_port(Port port) {
  evtchn_close wanted{.port = port};
  owners.take_back(port);
  TRY(operation(EVTCHNOP_close, wanted));
  return {};
}

void notify(Port port) {
  evtchn_send wanted{.port = port};
  (void)operation(EVTCHNOP_send, wanted);
}

}  // namespace atl::xen
