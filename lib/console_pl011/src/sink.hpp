// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

namespace atl::console_pl011 {

/// attach() was called.
[[nodiscard]] bool attached();

}  // namespace atl::console_pl011
