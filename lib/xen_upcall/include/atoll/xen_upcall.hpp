// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/irq.hpp>
#include <atoll/result.hpp>

namespace atl::xen {

/// Has `handler` called, in interrupt context, whenever Xen marks an event of this
/// CPU as pending. At boot, after the step of `irq`; once. kNoDevice where the
/// machine does not say how it tells; else an error of irq::Domain::connect() or
/// of Xen.
Result<void> connect_upcall(irq::Handler handler);

/// The same handler for a further CPU, which calls this. kNotSupported where only the
/// boot CPU has events; an error of Xen.
Result<void> open_upcall();

}  // namespace atl::xen
