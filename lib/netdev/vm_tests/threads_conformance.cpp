// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/netdev/vm_threads.hpp>

// The first two network devices of the machine, where a cable joins them.
namespace atl::netdev_conformance {

VM_TEST(NetdevThreads, of_the_first_two_devices) {
  Netdev* const left = netdev::find("net0");
  Netdev* const right = netdev::find("net1");
  if (left == nullptr || right == nullptr) VM_SKIP("the machine has no two network devices");
  verify_threads(*left, *right, 1);
}

VM_TEST(NetdevThreads, of_two_queues) {
  Netdev* const left = netdev::find("net0");
  Netdev* const right = netdev::find("net1");
  if (left == nullptr || right == nullptr) VM_SKIP("the machine has no two network devices");
  const bool several = left->info().queues > 1 && right->info().queues > 1;
  if (!several) VM_SKIP("its network devices have one queue");
  verify_threads(*left, *right, 2);
}

}  // namespace atl::netdev_conformance
