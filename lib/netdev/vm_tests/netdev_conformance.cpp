// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/netdev/vm_conformance.hpp>

// The first two network devices of the machine, where a cable joins them.
namespace atl::netdev_conformance {

namespace {

/// Whether both have so many queues.
bool have_queues(const Netdev& left, const Netdev& right, std::uint16_t queues) {
  return left.info().queues >= queues && right.info().queues >= queues;
}

}  // namespace

VM_TEST(NetdevConformance, of_the_first_two_devices) {
  Netdev* const left = netdev::find("net0");
  Netdev* const right = netdev::find("net1");
  if (left == nullptr || right == nullptr) VM_SKIP("the machine has no two network devices");
  for (const NamedCheck& check : kChecks) verify(*left, *right, check);
}

VM_TEST(NetdevConformance, the_other_way_round) {
  Netdev* const left = netdev::find("net1");
  Netdev* const right = netdev::find("net0");
  if (left == nullptr || right == nullptr) VM_SKIP("the machine has no two network devices");
  for (const NamedCheck& check : kChecks) verify(*left, *right, check);
}

VM_TEST(NetdevConformance, of_two_queues) {
  Netdev* const left = netdev::find("net0");
  Netdev* const right = netdev::find("net1");
  if (left == nullptr || right == nullptr) VM_SKIP("the machine has no two network devices");
  if (!have_queues(*left, *right, 2)) VM_SKIP("its network devices have one queue");
  for (const NamedCheck& check : kChecks) verify(*left, *right, check, 2);
}

}  // namespace atl::netdev_conformance
