// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

namespace atl {

/// Lets interrupts in before the program starts, in an image with a controller
/// for them; in one without there is nobody to take them, and they stay masked.
void open_interrupts();

}  // namespace atl
