// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "bus.hpp"

#include <atoll/boot_info.hpp>
#include <atoll/direct_map.hpp>

#include "boot_index.hpp"

namespace atl {
namespace device_tree {
namespace {

constinit std::array<std::uint8_t, config::device_tree::kMaxNodes> pending_drivers{};

}  // namespace

const Tree* tree() { return boot_index.tree ? &*boot_index.tree : nullptr; }

}  // namespace device_tree

Result<void> device_tree_init() {
  using namespace device_tree;
  // Where the entry found no tree, there is no bus, and that is no fault.
  if (!boot_index.tree) return {};
  Tree& here = *boot_index.tree;
  const auto blob = to_virtual(boot_info().device_tree.start);
  here = here.moved_to(blob.as<const std::byte>(), boot_index.records.data());
  probe_all(here, drivers(), pending_drivers);
  return {};
}

}  // namespace atl
