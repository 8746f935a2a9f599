// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/virtio.hpp>

namespace atl {

/// The entropy device that was found last; null without one.
virtio::Device* virtio_entropy();

}  // namespace atl
