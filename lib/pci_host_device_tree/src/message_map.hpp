// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/device_tree_node.hpp>
#include <atoll/irq_messages.hpp>
#include <cstdint>

namespace atl::pci {

/// As whom function `requester` behind the host bridge `node` sends messages, by its `msi-map`
/// or `msi-parent` (bindings pci-msi.txt and msi.txt). kNotSupported: it has neither, or no
/// entry for the function. kBadMessage: a map that makes no sense.
Result<irq::MessageSource> mapped_message(const device_tree::Node& node, std::uint16_t requester);

}  // namespace atl::pci
