// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

namespace atl::kvm_x86_64 {

/// Ends a boot that cannot go on: writes `reason` and the panic record to the
/// first serial port and resets the machine. Runs at the load address, before
/// anything else works.
[[noreturn]] void fail(const char* reason);

}  // namespace atl::kvm_x86_64
