// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <string_view>

/// Does what `name` says and must not return; false where it is no misdeed.
bool misdeed(std::string_view name);
