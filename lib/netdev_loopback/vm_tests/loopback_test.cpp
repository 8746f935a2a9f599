// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/netdev/vm_conformance.hpp>
#include <atoll/netdev_loopback.hpp>

namespace atl::netdev_conformance {

VM_TEST(NetdevLoopback, keeps_the_contract) {
  NetdevLoopback left{{{2, 0, 0, 0, 0, 1}}, 1500, 2}, right{{{2, 0, 0, 0, 0, 2}}, 1500, 2};
  NetdevLoopback::connect(left, right);
  for (const std::uint16_t queues : {std::uint16_t{1}, std::uint16_t{2}}) {
    for (const NamedCheck& check : kChecks) verify(left, right, check, queues);
  }
}

}  // namespace atl::netdev_conformance
