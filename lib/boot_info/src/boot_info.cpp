// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/boot_info.hpp>

namespace atl {
namespace {

constinit BootInfo the_boot_info;

}  // namespace

const BootInfo& boot_info() { return the_boot_info; }

BootInfo& boot_info_for_entry() { return the_boot_info; }

void forget_random_seed() {
  // Volatile: the compiler sees no later reader and would leave the bytes.
  volatile std::byte* const bytes = the_boot_info.random_seed_bytes.data();
  for (std::size_t i = 0; i < the_boot_info.random_seed_size; ++i) bytes[i] = std::byte{0};
  the_boot_info.random_seed_size = 0;
}

}  // namespace atl
