// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/boot_info.hpp>
#include <atoll/device_tree_node.hpp>
#include <atoll/result.hpp>
#include <cstddef>
#include <cstdint>

/// What an entry needs of the tree, in the one pass that also builds the index
/// which the image uses later.
namespace atl::device_tree {

/// The largest blob that is looked at: Linux Documentation/arch/arm64/booting.rst,
/// "Setup the device tree", gives the same bound.
inline constexpr std::size_t kMaxBlobSize = 2 * 1024 * 1024;

/// What the tree says for the entry alone.
struct BootScan {
  /// Registers of /chosen's stdout-path; empty when it names none that can be
  /// translated to a physical address.
  PhysRange console;
  /// That node is compatible with "arm,pl011".
  bool console_is_pl011 = false;
  /// The tree; no longer valid once the image has moved.
  const Tree* tree = nullptr;
  /// The machine is a guest of Xen and has its services (the node /hypervisor).
  bool on_xen = false;
  /// /chosen's kaslr-seed, 0 when there is none. Zeroed in the blob.
  std::uint64_t layout_seed = 0;
};

/// Checks and indexes the blob at `blob`, whose physical address is `address`,
/// and adds to `info`: memory nodes, reserved memory (both kinds; `no-map`
/// becomes kReserved, the rest kKept), the blob itself, the RAM disk, the
/// command line and the rng-seed (zeroed in the blob once copied). The entry
/// reserves the image afterwards.
///
/// For the boot CPU before relocation, with the MMU off: naturally aligned
/// accesses only, no relocated data, no heap, about 1 KiB of stack. Touches
/// the blob's header and the blocks it names, never the padding behind them.
///
/// kInvalidArgument: null, or not 8-byte aligned. kBadMessage: not a flattened
/// tree of version 17 (Devicetree Specification v0.4 §5.2), or malformed.
/// kNoSpace: more nodes than the option DEVICE_TREE_MAX_NODES. kNoData: no
/// usable memory in it. On an error `info` may have been filled in part.
Result<BootScan> scan_boot(std::byte* blob, PhysAddr address, BootInfo& info);

}  // namespace atl::device_tree
