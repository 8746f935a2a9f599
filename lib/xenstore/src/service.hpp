// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/xenstore_request.hpp>

namespace atl::xenstore {

/// From now on no event is told to `watch`.
void forget(Watch& watch);

}  // namespace atl::xenstore
