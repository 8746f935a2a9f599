// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/irq.hpp>
#include <atoll/result.hpp>
#include <atoll/xen/hypercall.hpp>
#include <cstdint>

/// Event channels (xen/include/public/event_channel.h). Valid after the boot step
/// of this library.
namespace atl::xen {

using Port = std::uint32_t;

/// The ports as interrupt lines; how they trigger is always Trigger::kEdgeRising.
/// kNoDevice where the domain has no events.
irq::Domain& events();

/// Xen's own interrupt `number` (VIRQ_*) of this CPU as a port. Errors of Xen, of
/// which kExists means that it is bound already.
Result<Port> bind_virtual_interrupt(std::uint32_t number);

/// A new port for domain `other` to connect to. kNoSpace when there are no more.
Result<Port> open_port(DomainId other);

/// A new port connected to `port` of domain `other`. kInvalidArgument where that
/// one is not open for this domain.
Result<Port> connect_port(DomainId other, Port port);

/// Gives a port back; its line must be disconnected. kInvalidArgument for one that
/// is not open.
Result<void> close_port(Port port);

/// Makes the event of the port's other end pending. Any context; an end that is
/// closed does not hear it.
void notify(Port port);

}  // namespace atl::xen
