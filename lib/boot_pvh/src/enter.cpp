// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/arch/cpu_tables.hpp>
#include <atoll/boot_pvh/address_space.hpp>
#include <atoll/boot_pvh/entry.hpp>
#include <atoll/boot_pvh/failure.hpp>
#include <atoll/boot_pvh/platform.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/stack_protector.hpp>

namespace atl {

namespace {

constinit boot_pvh::AddressSpace address_space{};
constinit CpuLocal boot_cpu_local{};
constinit arch::CpuTables boot_cpu_tables{};

/// In the final address space, on the boot stack.
void arrive(void* argument) {
  const auto& space = *static_cast<const boot_pvh::AddressSpace*>(argument);
  arch::init_cpu(boot_cpu_local, boot_cpu_tables, space.exception_stacks);
  boot_pvh::start();
}

}  // namespace

/// At the load address; see boot_pvh/entry.hpp for what must not be used here.
void boot_pvh::enter(PhysAddr start_info) {
  if (const char* problem = recognise()) fail(problem);
  if (!arch::enable_cpu_features()) fail("this CPU has no no-execute pages");

  BootInfo& info = boot_info_for_entry();
  const PhysicalWindow window{.limit = window_limit()};
  if (const char* problem = read_start_info(start_info, window, info, other_memory_map())) {
    fail(problem);
  }
  prepare(info);

  const BootEntropy entropy = gather_entropy();
  if (const char* problem = build_address_space(info, entropy, address_space)) fail(problem);
  if (!relocate_image(address_space.image)) {
    fail("the image holds a relocation of an unknown kind");
  }

  direct_map_base = address_space.direct_map;
  stack_protector::set(entropy.canary);
  leave_load_address(address_space, &arrive, &address_space);
}

}  // namespace atl
