// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include "port_owners.hpp"

namespace atl::xen {

/// Of the ports that are open.
extern PortOwners owners;

}  // namespace atl::xen
