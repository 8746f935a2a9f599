// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch/boot.hpp>
#include <atoll/device_tree.hpp>
#include <atoll/psci.hpp>

namespace atl {

using namespace std::string_view_literals;

namespace {

// Most guests are called by their hypervisor; one that panics before the tree
// has been read has nothing to lose.
constinit arch::Conduit conduit = arch::Conduit::kHvc;

}  // namespace

Result<void> psci_probe(const device_tree::Device& node) {
  const std::string_view method = TRY(node.string("method"));
  const bool monitor = method == "smc"sv;
  if (!monitor && method != "hvc"sv) return fail(Errc::kBadMessage);
  conduit = monitor ? arch::Conduit::kSmc : arch::Conduit::kHvc;
  return {};
}

namespace psci {

std::int64_t call(std::uint32_t function, std::uint64_t a1, std::uint64_t a2, std::uint64_t a3) {
  return static_cast<std::int64_t>(arch::firmware_call(conduit, function, a1, a2, a3));
}

void system_off() { static_cast<void>(call(0x8400'0008)); }

void system_reset() { static_cast<void>(call(0x8400'0009)); }

}  // namespace psci
}  // namespace atl
