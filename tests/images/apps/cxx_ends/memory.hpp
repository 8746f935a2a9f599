// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

/// Takes all memory by operator new, catches what that throws, gives it back.
int exhaust();

/// Throws and catches where no memory is left for the exception either.
int throw_from_reserve();
