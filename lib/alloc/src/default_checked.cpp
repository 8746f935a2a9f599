// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/alloc_hook.hpp>

namespace atl {
namespace {

constinit Allocator* checked = nullptr;

}  // namespace

Allocator& default_allocator() { return *checked; }

/// The boot step of every provider.
Result<void> alloc_init();
Result<void> alloc_init() {
  checked = TRY(checked_allocator(TRY(create_allocator()))).release();
  return {};
}

}  // namespace atl
