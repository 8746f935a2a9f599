// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/alloc.hpp>

namespace atl {
namespace {

constinit Allocator* chosen = nullptr;

}  // namespace

Allocator& default_allocator() { return *chosen; }

/// The boot step of every provider.
Result<void> alloc_init();
Result<void> alloc_init() {
  chosen = TRY(create_allocator()).release();
  return {};
}

}  // namespace atl
