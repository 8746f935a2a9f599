// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/alloc_hook.hpp>

#include "leaks.hpp"
#include "report.hpp"

namespace atl {
namespace {

constinit DebugAllocator* watching = nullptr;
/// What was allocated before is of the boot, and stays.
constinit std::uint64_t first_of_program = 0;

}  // namespace

Result<Owned<Allocator>> checked_allocator(Owned<Allocator> chosen) {
  Owned<Allocator> made = TRY(DebugAllocator::create(std::move(chosen), alloc_debug::report));
  watching = static_cast<DebugAllocator*>(made.get());
  return made;
}

Result<void> alloc_debug_init();
Result<void> alloc_debug_init() {
  first_of_program = watching->next_number();
  return {};
}

void alloc_debug_end();
void alloc_debug_end() {
  alloc_debug::Leaks leaks{*watching, first_of_program};
  leaks.find();
  leaks.write();
}

}  // namespace atl
