// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/direct_map.hpp>

namespace atl {

constinit VirtAddr direct_map_base;

}  // namespace atl
