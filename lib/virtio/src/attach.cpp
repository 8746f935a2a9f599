// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "bus.hpp"

namespace atl::virtio {

void attach(Device& device) { attach_to(device, drivers()); }

}  // namespace atl::virtio
