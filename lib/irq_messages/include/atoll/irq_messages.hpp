// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/irq.hpp>
#include <atoll/result.hpp>
#include <atoll/types.hpp>
#include <cstdint>

namespace atl::irq {

/// What a device writes in order to interrupt the boot CPU: `data`, 32 bits of it, to
/// `address` as its bus sees it. It arrives as an edge on `line` of root().
struct DeviceMessage {
  PhysAddr address;
  std::uint32_t data = 0;
  std::uint32_t line = 0;
};

/// Who writes it, as an interrupt controller tells devices apart.
struct MessageSource {
  std::uint32_t id = 0;          ///< PCI: bus, device and function, or what the machine makes of it
  std::uint32_t controller = 0;  ///< arm64: its phandle in the device tree; 0: whichever there is
};

/// Takes a line of root() that messages reach and connects it to `handler`, masked.
/// Masking and disconnecting it is root()'s: root().unmask(message.line). Context as
/// Domain::connect(). kNotSupported: this machine has no messages that need no more
/// than that. kNoMemory: all of them are taken, or as many handlers are connected as
/// the option IRQ_MAX_HANDLERS allows. kInvalidArgument: no handler. kTimedOut, kProtocol:
/// the controller does not do its part.
Result<DeviceMessage> connect_message(MessageSource source, Handler handler, void* context);

}  // namespace atl::irq
